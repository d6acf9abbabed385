// The ends of what is handed over: what the mail system puts on top, and the last line end.
import { Operation, OperationKind, Plan } from '../insert/plan.ts';
import { bytesOf, LF } from '../mime/bytes.ts';
import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';
import { firstLineEnd } from '../mime/line-end.ts';
import { Source } from '../mime/source.ts';
import { Window } from '../mime/window.ts';

/** Enough to see how a message begins, and how it ends. */
const WINDOW_WIDTH: i32 = 1024;

/**
 * The plan with `top` before everything, and with the message's own line end where the last line has none: mlmmj-send sends
 * uninitialised memory in place of such a line. A plan without operations stands for the message as it came, and stays so
 * where nothing is missing.
 */
export function completePlan(plan: Plan, source: Source, top: Uint8Array): Plan {
  const window = new Window(source, WINDOW_WIDTH);
  const isLineEndMissing = !endsInLineEnd(plan, window);
  if (top.length === 0 && !isLineEndMissing) return plan;
  const complete = new Plan();
  if (top.length > 0) complete.operations.push(insertion(top));
  if (plan.isEmpty && source.size > 0) complete.operations.push(wholeMessage(source));
  for (let i = 0; i < plan.operations.length; i++) complete.operations.push(plan.operations[i]);
  if (isLineEndMissing) complete.operations.push(insertion(bytesOf(firstLineEnd(window))));
  return complete;
}

function insertion(bytes: Uint8Array): Operation {
  return new Operation(OperationKind.Insert, 0, 0, bytes, null, bytes.length);
}

function wholeMessage(source: Source): Operation {
  return new Operation(OperationKind.Keep, 0, source.size, new Uint8Array(0), null, source.size);
}

/** Whether what goes out ends in a line end; for nothing at all it does. */
function endsInLineEnd(plan: Plan, window: Window): boolean {
  if (plan.isEmpty) return window.size === 0 || window.byteAt(window.size - 1) === LF;
  let last = plan.operations.length - 1;
  while (last >= 0 && plan.operations[last].length === 0) last--;
  return last < 0 || operationEndsInLineEnd(plan.operations[last], window);
}

function operationEndsInLineEnd(operation: Operation, window: Window): boolean {
  switch (operation.kind) {
    case OperationKind.Insert:
      return endsInLf(operation.bytes);
    case OperationKind.Recode: {
      // Base64 shows no line end of the text; the other encodings end as the text does.
      const recoding = operation.recoding!;
      return recoding.to === TransferEncoding.Base64 ? recoding.endsLine : endsInLf(operation.bytes);
    }
    default:
      return window.byteAt(operation.end - 1) === LF;
  }
}

function endsInLf(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes[bytes.length - 1] === LF;
}
