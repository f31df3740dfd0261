/** Every way to go wrong, or unusually right, on the way to a token, by the phrase that a scenario says. */
import { registrationMistakes, registrationVariations } from './registration-mistakes.ts'
import { tokenMistakes, tokenVariations } from './token-mistakes.ts'

export const mistakesOfTrust = {
  registration: { mistakes: Object.keys(registrationMistakes), variations: Object.keys(registrationVariations) },
  token: { mistakes: Object.keys(tokenMistakes), variations: Object.keys(tokenVariations) },
} as const
