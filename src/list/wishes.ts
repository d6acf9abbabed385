/** How a list wants its footers placed where there is a choice: two tunables of one word each. */
import type { PlacementWishes } from '../footer/footer.ts';
import type { Platform } from '../platform/platform.ts';
import { firstLine, readControl } from './control.ts';
import type { MailingList } from './list.ts';

/**
 * Reads `control/amime-signed` (`skip` or `wrap`) and `control/amime-attachment-only` (`part` or `skip`); the first
 * line counts, in any case. A missing or unreadable file and an unknown word mean the default, which is the
 * first of each pair: a wish is never worth a mail. Never rejects.
 */
export async function readWishes(list: MailingList, platform: Platform): Promise<PlacementWishes> {
  const [signed, attachmentOnly] = await Promise.all([
    wish(list, 'amime-signed', platform),
    wish(list, 'amime-attachment-only', platform),
  ]);
  return {
    signed: signed === 'wrap' ? 'wrap' : 'skip',
    attachmentOnly: attachmentOnly === 'skip' ? 'skip' : 'part',
  };
}

async function wish(list: MailingList, name: string, platform: Platform): Promise<string> {
  try {
    const bytes = await readControl(list.directory, name, platform);
    return bytes === undefined ? '' : firstLine(bytes).toLowerCase();
  } catch {
    return '';
  }
}
