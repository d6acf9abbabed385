import { routedByTables } from '../mail-server/list-tables.ts';
import { Journal } from './journal.ts';

/**
 * The address that lists are routed to: what was installed, else what a table for the LMTP service names that somebody
 * made by hand and transport_maps asks.
 */
export function routedTo(
  config: string,
  transportMaps: string,
  files: ReadonlyMap<string, string | undefined>,
): string | undefined {
  const installed = new Journal(config).installed();
  return installed === undefined ? routedByTables(transportMaps, files) : installed.lmtp;
}
