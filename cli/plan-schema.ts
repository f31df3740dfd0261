/** `npm run schema`: writes cli/plan.schema.json, which editors read to complete and check a plan. */
import { writeFileSync } from 'node:fs'
import { planJsonSchema } from './plan.ts'

writeFileSync(new URL('plan.schema.json', import.meta.url), `${JSON.stringify(planJsonSchema(), null, 2)}\n`)
