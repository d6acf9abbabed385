import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  bankDifferences,
  bankSettings,
  reinjectionPortOf,
  signsForAll,
} from '../../src/mail-server/policy-bank.ts';
import { ROOT } from '../helpers/programs.ts';

const OURS = bankSettings(readFileSync(`${ROOT}amavis/policy-bank.conf`, 'utf8'))!;

describe('a policy bank', () => {
  test('of ours is read whole, and differs in nothing from itself', () => {
    expect(OURS.isWhole).toBe(true);
    expect(Object.fromEntries(OURS.values)).toMatchObject({
      originating: '1',
      smtpd_discard_ehlo_keywords: "['8BITMIME']",
      forward_method: "'smtp:[127.0.0.1]:10028'",
    });
    expect(OURS.values.size).toBe(11);
    expect(reinjectionPortOf(OURS)).toBe(10028);
    expect(bankDifferences(OURS, OURS, false)).toEqual([]);
  });

  test('written in another way is the same', () => {
    const bank = `$policy_bank{"MLMMJ"}={"originating"=>'1',allow_disclaimers=>0,enable_dkim_signing=>"1",
      smtpd_discard_ehlo_keywords=>["8BITMIME",],terminate_dsn_on_notify_success=>0,
      # originating => 0,
      bypass_spam_checks_maps=>[ 1 ],bypass_virus_checks_maps=>[1],bypass_banned_checks_maps=>[1],
      bypass_header_checks_maps=>[1] }; # the last one } has no comma
      $policy_bank{'OTHER'} = { originating => 0 };`;
    expect(bankDifferences(bankSettings(bank)!, OURS, true)).toEqual([]);
    expect(reinjectionPortOf(bankSettings(bank)!)).toBeUndefined();
  });

  test('that takes in another one is not said to lack anything', () => {
    const bank = "$policy_bank{'MLMMJ'} = { %{$policy_bank{'LISTS'}}, originating => 0 };";
    expect(bankDifferences(bankSettings(bank)!, OURS, false)).toEqual(['originating is 0 (ours: 1)']);
  });

  test.each([
    '',
    "# $policy_bank{'MLMMJ'} = { originating => 1 };",
    "$policy_bank{'MLMMJ'} = { originating => 1,",
  ])('is not in %j', (config) => {
    expect(bankSettings(config)).toBeUndefined();
  });

  test('has signs in quotes that are no comment, and no end', () => {
    const bank = "$policy_bank{'MLMMJ'} = { log_templ => 'a # b } c', originating => 1 };";
    expect(bankSettings(bank)!.values.get('originating')).toBe('1');
  });
});

test.each([
  ["@dkim_signature_options_bysender_maps = ({ '.' => { d => 'example.com' } });", true],
  ['# @dkim_signature_options_bysender_maps = ();', false],
  ['', false],
])('whether %j signs for all', (config, signs) => {
  expect(signsForAll(config)).toBe(signs);
});
