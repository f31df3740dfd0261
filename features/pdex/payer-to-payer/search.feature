@pdex @payer-to-payer
Feature: Retrieving a member's data by search
  The new plan searches each type of the table for the member it has matched, page
  by page, with what the records point at and where they are from.

  PDex, "Data Retrieval Methods"; FHIR R4, "Search"; US Core and PDex CapabilityStatements.

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Iris Ito
    And the responding payer insures Ana Adams
    And the requesting payer holds a token for the data of Ana Adams

  Rule: A member's record is found type by type

    @CORE-002 @CORE-031 @CORE-032 @CORE-033 @CORE-034 @CORE-035 @HREX-058 @PDEX-105 @PDEX-125 @PDEX-126 @PDEX-127
    @PDEX-330 @PDEX-339
    Scenario: The new plan searches every type of the table
      Given the requesting payer has matched Ana Adams with the responding payer and may see everything
      And the requesting payer holds a token for the data of Ana Adams
      When the requesting payer retrieves the member from the responding payer by search
      Then the search works for each type of the table
      And the search gives sound bundles
      And the data is the whole record
      And the data holds nothing of another member
      And the client retrieves as it should
      And the client says whom and what it searches for

    @CORE-002 @CORE-031 @CORE-032 @CORE-033 @CORE-034 @CORE-035 @HREX-058 @PDEX-126 @PDEX-127 @PDEX-330
    Scenario: The old plan holds next to nothing
      Given the responding payer insures Leo Lopez
      And the requesting payer holds a token for the data of Leo Lopez
      When the requesting payer retrieves the member from the responding payer by every method
      Then the search works for each type of the table
      And the search gives sound bundles
      And the data is the whole record, by every method alike
      And the data holds nothing of another member

    @HREX-058 @PDEX-127
    Scenario: Nobody is named: the token says whose data it is
      When the requesting payer searches without naming a patient at the responding payer
      Then the search gives nothing of another member when nobody is named
      And the data holds nothing of another member

    @CORE-030
    Scenario: A form says what a query says
      When the requesting payer searches Observations by GET and by POST at the responding payer
      Then the search finds the same by GET and by POST

    @CORE-002 @CORE-031 @CORE-032 @CORE-033 @CORE-034 @CORE-035 @CORE-036 @CORE-037 @CORE-038 @PDEX-330
    Scenario: Small pages hold together what a large one holds
      When the requesting payer searches Observations and Conditions in small pages at the responding payer
      Then the search comes in pages that hold together
      And the search gives sound bundles
      And the client follows next links as they are given

  Rule: Values mean what FHIR says

    @CORE-042 @PDEX-354
    Scenario: Dates, by prefix and precision
      When the requesting payer searches by dates in every form at the responding payer
      Then the search knows the rules of dates

    @CORE-043 @CORE-046 @PDEX-338
    Scenario: Codes, with their system and without
      When the requesting payer searches by codes in every form at the responding payer
      Then the search knows the forms of tokens

    @CORE-044 @PDEX-338
    Scenario: References, by id, by type and id, by URL
      When the requesting payer searches by each form of a reference at the responding payer
      Then the search knows the forms of references

    @CORE-045
    Scenario: Names, from their beginning, exactly and in part
      When the requesting payer searches by names in every form at the responding payer
      Then the search knows the rules of strings

    @PDEX-340 @PDEX-352 @PDEX-355
    Scenario: Claims by date, update and type
      When the requesting payer searches claims by date, update and type at the responding payer
      Then the search finds claims by date, update and type
      And the client sends precise dates

  Rule: What a record points at, and what tells of it, can come along

    @CORE-050 @PDEX-357 @PDEX-358 @PDEX-359 @PDEX-440
    Scenario: Claims come with all that they point at
      When the requesting payer searches what claims point at at the responding payer
      Then the search includes all that claims point at, as it can be read
      And the search includes what is pointed at
      And the client asks for the payor of a coverage

    @CORE-050 @PDEX-372 @PDEX-440
    Scenario: Prescriptions come with their medications
      When the requesting payer searches the medications of prescriptions at the responding payer
      Then the search includes medications that can be read
      And the search includes what is pointed at

    @CORE-051 @PDEX-070 @PDEX-377 @PDEX-439
    Scenario: Every type comes with its Provenance
      When the requesting payer reads the CapabilityStatement at the responding payer
      And the requesting payer searches every type with its Provenance at the responding payer
      Then the search includes Provenance
      And the Provenance can be had for every type

    @HREX-058 @PDEX-342 @PDEX-367
    Scenario: Documents are found by $docref
      When the requesting payer searches documents of another member by $docref at the responding payer
      Then the search finds documents by $docref
      And the data is given to nobody without a right to it

  Rule: What is not understood, not there or not allowed

    @CORE-032 @CORE-040
    Scenario: A parameter that nobody knows
      When the requesting payer searches by a parameter that nobody knows at the responding payer
      Then the search ignores what it does not know, unless it is to be strict

    @CORE-020 @CORE-021 @CORE-041 @PDEX-332
    Scenario: Values that cannot be read
      When the requesting payer searches by values that cannot be read at the responding payer
      Then the search refuses values that cannot be read
      And the answers say why they refuse, and no more

    @CORE-041
    Scenario: Values that nothing has
      When the requesting payer searches by values that nothing has at the responding payer
      Then the search finds nothing where nothing fits

    @CORE-020 @CORE-021 @PDEX-335
    Scenario: A type that nobody knows
      When the requesting payer searches a type that nobody knows at the responding payer
      Then the answers say 404 for types that nobody knows
      And the answers say why they refuse, and no more

    @HREX-058
    Scenario: The data of another member
      When the requesting payer searches every type with its Provenance at the responding payer
      And the requesting payer searches the data of another member at the responding payer
      Then the data is given to nobody without a right to it
      And the data holds nothing of another member

    @CORE-052
    Scenario: Summaries say that they are summaries
      When the requesting payer searches for summaries and elements at the responding payer
      Then the search tags what it cuts
