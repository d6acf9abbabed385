// PipeScenario in WebAssembly.
import { PipeScenario } from './pipe-scenario.ts';

let given: Uint8Array = new Uint8Array(0);
let made: Uint8Array = new Uint8Array(0);
let scenario: PipeScenario | null = null;

export function input(length: i32): usize {
  given = new Uint8Array(length);
  return given.dataStart;
}

export function begin(): void {
  scenario = new PipeScenario(given);
}

export function step(): boolean {
  return scenario!.step();
}

export function collect(): void {
  __collect();
}

export function finish(): usize {
  made = scenario!.finish();
  return made.dataStart;
}

export function outputLength(): i32 {
  return made.length;
}
