import { tmpdir } from 'node:os';
import type { Plan } from '../insert/plan.ts';
import { DEFAULT_MEMORY_LIMIT, MessageCollector } from '../library/message-collector.ts';
import type { Source } from '../mime/source.ts';
import { readHeading } from './heading.ts';
import { type MessagePreview, outgoingOf, previewMessage } from './message-preview.ts';
import { markedFooters, renderPage } from './page.ts';
import type { PreviewFooters } from './preview-footers.ts';
import { type RenderedText, renderedTexts } from './rendered-texts.ts';
import { textPairs } from './text-pairs.ts';

/** The page for one message. What goes out is made a second time for it, with a footer that can be told from the rest. */
export async function makePage(
  name: string,
  message: Source,
  preview: MessagePreview,
  footers: PreviewFooters,
): Promise<string> {
  const before = renderedTexts(message);
  const after = textsAfter(message, preview.plan);
  const marked = footers.pair === null ? after : await markedTexts(message, footers);
  const texts = textPairs(before, shownTexts(before, after, marked));
  return renderPage({ name, heading: readHeading(message), preview, footers, texts });
}

async function markedTexts(message: Source, footers: PreviewFooters): Promise<RenderedText[]> {
  const { plan } = await previewMessage(message, footers.withPair(markedFooters(footers.pair!)));
  return textsAfter(message, plan);
}

function textsAfter(message: Source, plan: Plan): RenderedText[] {
  const collector = new MessageCollector(tmpdir(), DEFAULT_MEMORY_LIMIT);
  try {
    for (const piece of outgoingOf(message, plan)) collector.add(piece);
    return renderedTexts(collector.source());
  } finally {
    collector.discard();
  }
}

/** A footer that is there already is not found by one that is marked, which would be added to it. */
function shownTexts(
  before: readonly RenderedText[],
  after: readonly RenderedText[],
  marked: readonly RenderedText[],
): readonly RenderedText[] {
  if (marked.length !== after.length) return after;
  const isUnchanged = ({ mediaType, text }: RenderedText) =>
    before.some((other) => other.mediaType === mediaType && other.text === text);
  return after.map((text, index) => (isUnchanged(text) ? text : marked[index]!));
}
