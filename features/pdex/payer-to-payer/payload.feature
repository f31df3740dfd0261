@pdex @payer-to-payer
Feature: The payload and its profiles
  What comes satisfies the profiles of the table: US Core for clinical data, CARIN Basis
  for claims, PDex and HRex for what is their own.

  PDex, "Data Mapping", profile and resource table; US Core; CARIN for Blue Button.

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Ana Adams
    And the requesting payer holds a token for the data of Ana Adams
    And the requesting payer retrieves the member from the responding payer by every method
    And the requesting payer reads one of each type again at the responding payer

    @CORE-061 @CORE-065 @CORE-066 @HREX-032 @HREX-036 @HREX-037 @PDEX-007 @PDEX-012 @PDEX-371
    @HREX-038 @PDEX-021 @PDEX-022 @PDEX-023 @PDEX-025 @PDEX-038 @PDEX-039 @PDEX-040 @PDEX-041 @PDEX-042 @PDEX-044
    @PDEX-045 @PDEX-046 @PDEX-047 @PDEX-048 @PDEX-049 @PDEX-050 @PDEX-051 @PDEX-052 @PDEX-053 @PDEX-054 @PDEX-055
    @PDEX-056 @PDEX-059 @PDEX-060 @PDEX-361 @PDEX-464 @PDEX-465 @PDEX-466 @PDEX-467 @PDEX-468 @PDEX-469 @PDEX-470
    @PDEX-471 @PDEX-472 @PDEX-473 @PDEX-474 @PDEX-475
    Scenario: Each resource satisfies a profile of the table, and the client takes whatever comes
      Then the data is clinical data of US Core
      And the data names its facilities, practitioners and organizations by US Core
      And the data holds claims without amounts, and prior authorizations
      And the data holds devices and dispenses by their profiles
      And the data names the member by a member number
      And the client takes whatever comes

    @CORE-060 @CORE-062 @CORE-064 @HREX-031 @HREX-033 @PDEX-006 @PDEX-009 @PDEX-013 @PDEX-014 @PDEX-015 @PDEX-033
    @PDEX-035 @PDEX-337 @PDEX-363 @PDEX-368 @PDEX-369 @PDEX-370 @PDEX-373 @PDEX-374 @PDEX-375 @PDEX-376
    Scenario: What is required is there, and what is supported
      Then the data has what its profiles require, and what they support
      And the data makes the choices that the CapabilityStatements leave
      And the data is versioned
      And the data names versions as it should
