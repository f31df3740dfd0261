/** Scenarios as written: the same that Cucumber finds, with the tags that they inherit. */
import { loadConfiguration, loadSources } from '@cucumber/cucumber/api'
import { expect, it } from 'vitest'
import { scenariosOf, writtenScenarios } from './features.ts'
import { home } from './play.ts'

it('finds exactly the scenarios that Cucumber plans', async () => {
  const environment = { cwd: home, env: {} }
  const provided = { paths: ['features/**/*.feature'], import: [], format: [] }
  const { runConfiguration } = await loadConfiguration({ file: false, provided }, environment)
  const { plan } = await loadSources(runConfiguration.sources, environment)
  const counted = new Map<string, number>()
  for (const { uri } of plan) counted.set(uri.replaceAll('\\', '/'), (counted.get(uri.replaceAll('\\', '/')) ?? 0) + 1)
  const written = new Map<string, number>()
  for (const { uri, cases } of writtenScenarios(home)) written.set(uri, (written.get(uri) ?? 0) + cases)
  expect([...written].sort()).toEqual([...counted].sort())
  expect(plan.length).toBeGreaterThan(300)
})

it('hands tags down from feature, rule, scenario and examples', () => {
  const text = [
    '@pdex',
    'Feature: One',
    '  Background:',
    '    Given a table',
    '      | not | examples |',
    '  @PDEX-001',
    '  Rule: Two',
    '    @X-TB-08 @CONF-042',
    '    Scenario: Three',
    '      Given this',
    '        """',
    '        @PDEX-999',
    '        Scenario: quoted',
    '        """',
    '    # @PDEX-998',
    '    @PDEX-002',
    '    Scenario Outline: Four <x>',
    '      Given <x>',
    '      @only-pdex-2.2',
    '      Examples:',
    '        | x |',
    '        | 1 |',
    '        | 2 |',
    '      Examples: more',
    '        | x |',
    '        | 3 |',
  ].join('\n')
  expect(
    scenariosOf('f', text).map(({ name, rule, promises, tags, cases }) => [name, rule, promises, tags, cases]),
  ).toEqual([
    ['Three', 'Two', ['PDEX-001', 'X-TB-08', 'CONF-042'], ['pdex', 'PDEX-001', 'X-TB-08', 'CONF-042'], 1],
    ['Four <x>', 'Two', ['PDEX-001', 'PDEX-002'], ['pdex', 'PDEX-001', 'PDEX-002', 'only-pdex-2.2'], 2],
    ['Four <x>', 'Two', ['PDEX-001', 'PDEX-002'], ['pdex', 'PDEX-001', 'PDEX-002'], 1],
  ])
})
