// All that a list wants put into its posts.
import { FooterPair } from '../footer/footer-pair.ts';
import { PlacementOptions } from '../footer/options.ts';
import { Files } from '../host/files.ts';
import { readFooters } from './footers.ts';
import { List } from './list.ts';
import { readPlacementOptions, readSizeLimit } from './settings.ts';

export class ListFooters {
  constructor(
    readonly pair: FooterPair | null,
    readonly options: PlacementOptions,
    /** Bytes that a post may have with its footers; Infinity where there is no limit. */
    readonly sizeLimit: number,
    /** What is wrong with the list's files, in words for the log line. There may be footers all the same. */
    readonly trouble: string,
  ) {}

  /** Why there are none, where there are none. */
  get missingReason(): string {
    return this.trouble === '' ? 'the list has none' : this.trouble;
  }
}

/** Read anew for each post, or kept for a moment by a service: an edit takes effect with the next post. */
export function readListFooters(list: List, files: Files): ListFooters {
  const footers = readFooters(list, files);
  const trouble = footers.troubles.join('; ');
  const pair = footers.pair;
  // What says how a footer is placed is only looked at where there is one.
  if (pair === null) return new ListFooters(null, new PlacementOptions(), Infinity, trouble);
  return new ListFooters(pair, readPlacementOptions(list, files), readSizeLimit(list, files), trouble);
}
