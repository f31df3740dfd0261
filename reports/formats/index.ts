/** The formats, in the order in which they are listed. */
import { allure } from './allure.ts'
import type { Format } from './format.ts'
import { html } from './html.ts'
import { junit } from './junit.ts'
import { matrix } from './matrix.ts'
import { summary } from './summary.ts'

export const formats: readonly Format[] = [html, junit, allure, summary, matrix]
