import { expect, test } from 'vitest'
import { covers, dataScope, isGrantable, matchScope, permits, scopeList } from './scopes.ts'

test.each([
  ['patient/*.read', 'rs'],
  ['patient/*.write', 'cud'],
  ['system/Patient.*', 'cruds'],
  ['system/Patient.rs', 'rs'],
  ['patient/Patient.cruds', 'cruds'],
])('%s means %s', (text, rights) => {
  expect(dataScope(text)?.rights).toBe(rights)
})

test.each(['patient/*.dus', 'patient/*.', 'patient/*.sr', 'user/*.rs', 'patient/*.rs?category=x', matchScope, ''])(
  '"%s" is no data scope',
  (text) => {
    expect(dataScope(text)).toBeUndefined()
  },
)

test('the letters of read are not taken for delete', () => {
  expect(covers('patient/*.read', 'patient/Patient.d')).toBe(false)
  expect(covers('patient/*.read', 'patient/Patient.rs')).toBe(true)
})

test('one scope covers another of the same level, type and fewer rights', () => {
  expect(covers('patient/*.rs', 'patient/Condition.r')).toBe(true)
  expect(covers('patient/Condition.rs', 'patient/*.rs')).toBe(false)
  expect(covers('patient/*.rs', 'system/*.rs')).toBe(false)
  expect(covers('patient/*.rs', 'patient/*.cruds')).toBe(false)
})

test('nothing that changes data is granted', () => {
  expect(['patient/*.rs', matchScope].map(isGrantable)).toEqual([true, true])
  expect(['patient/*.write', 'system/*.cruds', 'openid'].map(isGrantable)).toEqual([false, false, false])
})

test('a list is well-formed or none', () => {
  expect(scopeList('a  b a')).toEqual(['a', 'b'])
  expect([scopeList(''), scopeList('"\\')]).toEqual([undefined, undefined])
})

test('a token for one type opens neither another nor all', () => {
  const scopes = ['patient/Coverage.s']
  expect(permits(scopes, 'Coverage', 's')).toBe(true)
  expect([permits(scopes, 'Coverage', 'r'), permits(scopes, 'Patient', 's'), permits(scopes, '*', 's')]).toEqual([
    false,
    false,
    false,
  ])
})
