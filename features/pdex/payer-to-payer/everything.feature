@pdex @payer-to-payer
Feature: Retrieving a member's data by $everything
  One call gives the member's compartment and what it points at, as far as the new
  plan may see it, in one page or in many.

  PDex, "Data Retrieval Methods", $everything; FHIR R4, Patient/$everything.

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Iris Ito
    And the responding payer insures Ana Adams
    And the requesting payer holds a token for the data of Ana Adams

  Rule: It is everything, and of nobody else

    @CORE-053 @HREX-058 @PDEX-105 @PDEX-125 @PDEX-126 @PDEX-128 @PDEX-139
    Scenario: The new plan asks for everything
      Given the requesting payer has matched Ana Adams with the responding payer and may see everything
      And the requesting payer holds a token for the data of Ana Adams
      When the requesting payer retrieves the member from the responding payer by $everything
      Then $everything is a searchset with the Patient
      And $everything is closed in itself
      And the data is the whole record
      And the data holds nothing of another member
      And the client retrieves as it should

    @PDEX-130 @PDEX-132
    Scenario: Claims belong to everything
      When the requesting payer retrieves the member from the responding payer by $everything
      Then $everything holds prior authorizations and claims

    @PDEX-133
    Scenario: Claims do not belong to everything yet
      When the requesting payer retrieves the member from the responding payer by every method
      Then $everything holds prior authorizations alone

    @CORE-036 @CORE-037 @CORE-038
    Scenario: Everything in small pages
      When the requesting payer asks the responding payer for everything in pages of ten
      Then $everything comes in pages that hold together
      And the client follows next links as they are given

    @CORE-053
    Scenario: Everything, asked for by POST
      When the requesting payer asks the responding payer for everything by POST
      Then $everything is the same by GET and by POST

  Rule: It can be narrowed

    @CORE-053 @PDEX-131
    Scenario: To some types
      When the requesting payer asks the responding payer for everything of some types
      Then $everything holds these types alone

    @CORE-053
    Scenario: To what changed
      When the requesting payer asks the responding payer for everything that changed lately
      Then $everything holds what changed since

    @CORE-053
    Scenario: To the care of some years
      When the requesting payer asks the responding payer for everything of care in some years
      Then $everything holds care of that time

  Rule: What cannot be answered is refused

    @CORE-020 @CORE-021 @CORE-053
    Scenario Outline: Everything <mistake>
      When the requesting payer asks the responding payer for everything <mistake>
      Then $everything is refused
      And the answers say why they refuse, and no more

      Examples:
        | mistake                       |
        | of a type that nobody knows   |
        | since a time that is none     |
        | from a day that is none       |
        | of nobody                     |

    @CORE-054 @HREX-058
    Scenario: Everything of another member
      When the requesting payer asks the responding payer for everything of another member
      Then $everything gives nothing to whom it is not for
      And the data holds nothing of another member

    @HREX-058 @PDEX-333
    Scenario: Everything without a token
      When the requesting payer asks the responding payer for everything without a token
      Then the answers say 401 without a token
      And the data is given to nobody without a right to it

    @HREX-058 @PDEX-138
    Scenario: Everything for a client that matched somebody else
      When the requesting payer retrieves the member from the responding payer by $everything
      And another payer holds a token for the data of Iris Ito
      And another payer reads the Patient of Ana Adams at the responding payer with its token for the data
      Then the data is given to no client that did not match the member
