@pdex @payer-to-payer
Feature: How the server answers
  Reads, versions, formats and errors, as FHIR has them.

  FHIR R4, "RESTful API"; PDex CapabilityStatements.

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Iris Ito
    And the responding payer insures Ana Adams
    And the requesting payer holds a token for the data of Ana Adams

  Rule: What is there can be read

    @CORE-002 @CORE-010 @CORE-011 @PDEX-329 @PDEX-330
    Scenario: One of each type
      Given the requesting payer retrieves the member from the responding payer by $everything
      When the requesting payer reads one of each type again at the responding payer
      Then the answers are what was asked for
      And the answers carry their version in the headers
      And the answers follow the rules of FHIR

    @CORE-002 @PDEX-329 @PDEX-330
    Scenario: A name in many scripts
      Given the responding payer insures Hugo Hart
      And the requesting payer holds a token for the data of Hugo Hart
      When the requesting payer reads its Patient at the responding payer
      Then the answers follow the rules of FHIR

    @CORE-002 @PDEX-004 @PDEX-034 @PDEX-329 @PDEX-330
    Scenario: Old versions and histories
      Given the requesting payer reads the CapabilityStatement at the responding payer
      When the requesting payer reads versions and histories at the responding payer
      Then the answers give old versions and histories
      And the answers follow the rules of FHIR

    @CORE-012
    Scenario: Nothing changed
      When the requesting payer reads a Condition only if it changed at the responding payer
      Then the answers say 304 for what did not change

    @PDEX-004 @PDEX-032 @PDEX-034
    Scenario: Something was updated
      Given the requesting payer reads the CapabilityStatement at the responding payer
      And the requesting payer reads its Patient at the responding payer
      When 10 minutes pass
      And a Patient of Ana Adams is updated
      And the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer reads what was updated at the responding payer
      Then the answers give the latest version
      And the answers give old versions and histories

    @CORE-010 @CORE-020 @CORE-021 @PDEX-336
    Scenario: Something was deleted
      Given the requesting payer searches Procedures at the responding payer
      When a Procedure of Ana Adams is deleted
      And the requesting payer reads what was deleted at the responding payer
      Then the answers say 410 or 404 for what was deleted
      And the answers say why they refuse, and no more

  Rule: What is not there, or not for the caller, is refused

    Background:
      Given the requesting payer reads its Patient at the responding payer

    @CORE-010 @CORE-020 @CORE-021 @PDEX-335
    Scenario: Ids that nobody gave out
      When the requesting payer reads ids that nobody gave out at the responding payer
      Then the answers are what was asked for
      And the answers say 404 for ids that nobody gave out
      And the answers say why they refuse, and no more

    @HREX-058 @PDEX-333
    Scenario: No token
      When the requesting payer reads a Patient without a token at the responding payer
      And the requesting payer searches without a token at the responding payer
      Then the answers say 401 without a token
      And the data is given to nobody without a right to it

    @PDEX-334
    Scenario: A token for something else
      Given the requesting payer holds a token to match members of the responding payer
      When the requesting payer reads the Patient of Ana Adams at the responding payer with its token to match members
      And the requesting payer searches Condition at the responding payer with its token to match members
      Then the answers say 403 for a scope that does not suffice

    @CORE-055
    Scenario: The match by GET
      Given the requesting payer has matched Ana Adams with the responding payer and may see everything
      When the requesting payer reads the match operation by GET at the responding payer
      Then the answers refuse by GET what changes something

  Rule: Formats

    Background:
      Given the requesting payer reads its Patient at the responding payer

    @CORE-002 @CORE-003 @CORE-004 @CORE-005 @PDEX-001 @PDEX-331
    Scenario: A Patient in every format
      Given the requesting payer reads the CapabilityStatement at the responding payer
      When the requesting payer reads a Patient in every format at the responding payer
      Then the answers are JSON by any name
      And the answers are XML or a refusal where XML is asked for
      And the answers refuse what cannot be served
      And the answers are R4, whatever version is asked for

    @CORE-004
    Scenario: A body that cannot be understood
      When the requesting payer searches with text for a body at the responding payer
      Then the answers refuse what cannot be understood
