/** The rules that call one another through the world, as a list. */
import type { Rules } from '../compile/compiled.ts'
import { conforms, judgeOverlay, judgeProfile } from './profile.ts'
import { judgeResource, judgeWhole } from './resource.ts'
import { walkObject } from './structure.ts'
import { typeRuleOf } from './type-rules.ts'

export const rules: Rules = { typeRuleOf, walkObject, judgeResource, judgeWhole, judgeProfile, judgeOverlay, conforms }
