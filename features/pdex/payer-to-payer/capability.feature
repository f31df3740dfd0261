@pdex @payer-to-payer
Feature: What the server declares, and what it does
  The old plan declares what it offers; what it declares works, and what works is
  declared. Each type is tried with values of the member's own data.

  PDex CapabilityStatements pdex-server and pdex-server-6-1; Bulk Data CapabilityStatement.

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Iris Ito
    And the responding payer insures Ana Adams
    And the requesting payer holds a token for the data of Ana Adams

  Rule: The statement as a whole

    @BULK-098 @CORE-001 @PDEX-327 @PDEX-328 @PDEX-341 @PDEX-343 @PDEX-344 @PDEX-379
    Scenario: It is there, and declares the match and the export
      When the requesting payer reads the CapabilityStatement at the responding payer
      And the requesting payer retrieves the member from the responding payer by $everything
      And the requesting payer reads what is declared for the whole system at the responding payer
      Then the CapabilityStatement is there for everybody
      And the CapabilityStatement declares the match and the export
      And the CapabilityStatement declares no more than works

    @CORE-056 @PDEX-002
    Scenario: What works is declared
      When the requesting payer retrieves the member from the responding payer by every method
      And the requesting payer reads one of each type again at the responding payer
      And the requesting payer reads versions and histories at the responding payer
      And the requesting payer searches documents by $docref at the responding payer
      And the requesting payer reads its documents at the responding payer
      Then the CapabilityStatement declares all that works

    @PDEX-362
    Scenario: Devices are found by type
      When the requesting payer searches devices by type at the responding payer
      Then the CapabilityStatement lets devices be found by type

  Rule: Type by type

    @PDEX-380 @PDEX-381 @PDEX-386 @PDEX-387 @PDEX-393 @PDEX-394 @PDEX-416 @PDEX-417 @PDEX-437 @PDEX-438
    Scenario: The new plan tries conditions and findings
      When the requesting payer tries what the responding payer offers for conditions and findings
      Then conditions and findings are offered as the CapabilityStatements of PDex say

    @PDEX-382 @PDEX-383 @PDEX-384 @PDEX-385 @PDEX-397 @PDEX-398 @PDEX-402 @PDEX-403 @PDEX-426 @PDEX-427 @PDEX-430
    @PDEX-431 @PDEX-432 @PDEX-435 @PDEX-436
    Scenario: The new plan tries care and plans
      When the requesting payer tries what the responding payer offers for care and plans
      Then care and plans are offered as the CapabilityStatements of PDex say

    @PDEX-391 @PDEX-392 @PDEX-406 @PDEX-407 @PDEX-410 @PDEX-411 @PDEX-412 @PDEX-413 @PDEX-414 @PDEX-415
    Scenario: The new plan tries medicines and devices
      When the requesting payer tries what the responding payer offers for medicines and devices
      Then medicines and devices are offered as the CapabilityStatements of PDex say

    @PDEX-353 @PDEX-388 @PDEX-389 @PDEX-390 @PDEX-395 @PDEX-396 @PDEX-400 @PDEX-401 @PDEX-404 @PDEX-405 @PDEX-428
    @PDEX-429
    Scenario: The new plan tries coverage, claims, documents, and consents where they are offered
      When the requesting payer tries what the responding payer offers for coverage, claims and documents
      Then coverage, claims and documents are offered as the CapabilityStatements of PDex say
      And the CapabilityStatement lets consents be found by patient

    @PDEX-003 @PDEX-399 @PDEX-408 @PDEX-409 @PDEX-418 @PDEX-419 @PDEX-420 @PDEX-421 @PDEX-422 @PDEX-423 @PDEX-424
    @PDEX-425
    Scenario: The new plan tries people and places, and each type of the table can be read and searched
      When the requesting payer retrieves the member from the responding payer by search
      And the requesting payer tries what the responding payer offers for people and places
      And the requesting payer reads one of each type again at the responding payer
      Then people and places are offered as the CapabilityStatements of PDex say
      And the CapabilityStatement declares what works: reading and searching each type

    @PDEX-433 @PDEX-434
    Scenario: The new plan tries related persons, with a member who has one
      Given the responding payer insures Jack Jones
      And the requesting payer holds a token for the data of Jack Jones
      When the requesting payer tries what the responding payer offers for related persons
      Then related persons are offered as the CapabilityStatements of PDex say
