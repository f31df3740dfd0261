/** Parameter types whose words are the keys of a table: a sentence says the phrase, the definition gets what it stands for. */
import { defineParameterType } from '@cucumber/cucumber'

/** Longer phrases are tried first: one may begin like another. */
export const words = <T>(name: string, table: Readonly<Record<string, T>>): void =>
  defineParameterType({
    name,
    regexp: Object.keys(table)
      .sort((a, b) => b.length - a.length)
      .map((phrase) => phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('|'),
    useForSnippets: false,
    transformer: (phrase: string) => table[phrase] as T,
  })

/** A table that gives a phrase back: the words that may stand there, and no others. */
export const phrases = (list: Iterable<string>): Readonly<Record<string, string>> =>
  Object.fromEntries([...list].map((phrase) => [phrase, phrase]))
