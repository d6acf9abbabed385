import { describe, expect, it } from 'vitest';
import { AddressMatcher, asMlmmjSpellsIt, isBounceExtension, splitAddress } from '../../src/list/address.ts';

describe('splitAddress', () => {
  it.each([
    ['news@example.org', 'news', 'example.org'],
    ['"a@b"@example.org', '"a@b"', 'example.org'],
    ['news', 'news', ''],
    ['news@', 'news', ''],
    ['@example.org', '', 'example.org'],
    ['', '', ''],
  ])('%j', (address, local, domain) => {
    expect(splitAddress(address)).toMatchObject({ local, domain });
  });
});

describe('extensions', () => {
  it.each([
    ['Subscribe', 'subscribe'],
    ['OWNER', 'owner'],
    ['Bounces-7-John.Doe=Example.net', 'bounces-7-John.Doe=Example.net'],
    ['BOUNCES', 'bounces'],
    ['', ''],
    ['\u00c4', '\u00c4'],
  ])('%j is %j to mlmmj', (extension, spelled) => {
    expect(asMlmmjSpellsIt(extension)).toBe(spelled);
  });

  it('of bounce addresses begin with bounces', () => {
    expect(isBounceExtension('bounces-7')).toBe(true);
    expect(isBounceExtension('bounce')).toBe(false);
  });
});

describe('AddressMatcher', () => {
  const of = (address: string, addresses: string[], delimiter = '+') =>
    new AddressMatcher(addresses, delimiter).extensionOf(address);

  it.each([
    ['news@example.org', ''],
    ['NEWS@EXAMPLE.ORG', ''],
    ['news+Help@example.org', 'Help'],
    ['news+@example.org', ''],
    ['news+a+b@example.org', 'a+b'],
    ['"news+help"@example.org', 'help'],
    ['"ne\\ws+\\"x"@example.org', '"x'],
    ['"news"@example.org', ''],
    ['newsletter@example.org', null],
    ['news@example.net', null],
    ['news', null],
    ['"news+help@example.org', null],
    ['"@example.org', null],
    ['', null],
  ])('%j is the list’s with %j', (address, extension) => {
    expect(of(address, ['News@Example.org', 'n@old.example'])).toBe(extension);
  });

  it('finds the list whose own name holds the delimiter first', () => {
    const both = ['a@example.org', 'a+b@example.org'];
    expect(of('a+b@example.org', both)).toBe('');
    expect(of('a+b+help@example.org', both)).toBe('help');
    expect(of('a+help@example.org', both)).toBe('help');
  });

  it('has delimiters of any length and case', () => {
    expect(of('news--help@example.org', ['news@example.org'], '--')).toBe('help');
    expect(of('news-help@example.org', ['news@example.org'], '--')).toBeNull();
    expect(of('newsXhelp@example.org', ['news@example.org'], 'x')).toBe('help');
  });

  it('knows nothing of a list without addresses, or with useless ones', () => {
    expect(of('news@example.org', [])).toBeNull();
    expect(of('@example.org', ['@example.org'])).toBeNull();
    expect(of('news@', ['news'])).toBe('');
  });
});
