/** Room for messages that do not stay in memory. */
import { temporary } from '../errors.ts';
import { DeliveryFailure } from '../host/interruption.ts';
import { systemCode } from '../host/system-error.ts';

/** @param what the room was for. @param cause the system's error: no room on the disk, no free descriptor, a wrong owner */
export function storageFailure(what: string, cause: unknown): DeliveryFailure {
  const failure = new DeliveryFailure(temporary(`there is no room ${what} (${systemCode(cause)})`));
  failure.cause = cause;
  return failure;
}
