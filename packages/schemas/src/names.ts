import { z } from 'zod';

/** Whole emoji, whose joiners and variation selectors are part of a picture. */
const EMOJI = /\p{RGI_Emoji}/gv;
/** Controls, formats (bidirectional ones, joiners, byte order marks), line separators, fillers, blank braille, noncharacters. */
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A name that people tell apart by eye: trimmed and in NFC, of 1 to `charsMax` UTF-16 code units, with something to see in it
 * and nothing that cannot be seen, but for what joins the parts of an emoji.
 */
export function nameIn(charsMax: number) {
  return z
    .string()
    .trim()
    .normalize('NFC')
    .min(1, { abort: true })
    .max(charsMax)
    .refine((name) => !INVISIBLE.test(name.replace(EMOJI, '')), {
      message: 'must not contain control, invisible or bidirectional characters',
    })
    .refine((name) => VISIBLE.test(name), { message: 'must contain a visible character' });
}

/** What two spellings of one name have in common: compatibility forms, letter case and runs of white space are one. */
export function foldName(name: string): string {
  // Lower case first: the capital ẞ is upper case already, and only its lower case becomes SS.
  const folded = name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replace(/\s+/gu, ' ').trim();
}
