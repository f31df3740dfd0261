/** Tables of phrases as parameter types: a phrase in a sentence becomes what it stands for. */
import { defineParameterType } from '@cucumber/cucumber'

/** `{name}` takes any phrase of the table; the longest one that fits, since one phrase may begin another. */
export const definePhrases = <T>(name: string, table: Readonly<Record<string, T>>): void =>
  defineParameterType({
    name,
    regexp: new RegExp(
      Object.keys(table)
        .sort((a, b) => b.length - a.length)
        .map((phrase) => phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('|'),
    ),
    transformer: (text: string): T => table[text] as T,
    useForSnippets: false,
  })
