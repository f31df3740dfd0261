@pdex @payer-to-payer
Feature: What a client may see
  The old plan gives each client what that client may see, below the level of types
  where need be, and the same on every route.

  PDex, "Data Retrieval Methods", "FHIR Access Permissions"; HRex, "Security and Privacy".

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Iris Ito
    And the responding payer insures Ana Adams

  Rule: The same on every route

    @BULK-005 @PDEX-126 @PDEX-129 @PDEX-136 @PDEX-137
    Scenario Outline: A client that may see <permitted>
      Given the requesting payer may see <permitted>
      And the requesting payer holds a token for the data of Ana Adams
      When the requesting payer retrieves the member from the responding payer by every method
      Then the data keeps to what the client may see
      And the data is the whole record, by every method alike

      Examples:
        | permitted                                |
        | prior authorizations and no claims       |
        | claims and no prior authorizations       |
        | neither claims nor prior authorizations  |

    @PDEX-137
    Scenario: What is kept back cannot be had by its id either
      Given the requesting payer may see prior authorizations and no claims
      And the requesting payer holds a token for the data of Ana Adams
      When the requesting payer retrieves the member from the responding payer by $everything
      And the requesting payer searches claims in small pages at the responding payer
      And the requesting payer reads what is kept back from it at the responding payer
      Then the data keeps to what the client may see, on this route

  Rule: Each client its own

    @PDEX-137
    Scenario: Two clients that may see different things
      Given another payer may see prior authorizations and no claims
      And the requesting payer holds a token for the data of Ana Adams
      And another payer holds a token for the data of Ana Adams
      When the requesting payer retrieves the member from the responding payer by search
      And the requesting payer retrieves the member from the responding payer by export
      And another payer retrieves the member from the responding payer by search
      And another payer retrieves the member from the responding payer by export
      Then the data differs between clients that may see different things

    @HREX-058 @PDEX-138
    Scenario: A client that matched nobody but another member
      Given the requesting payer holds a token for the data of Ana Adams
      And another payer holds a token for the data of Iris Ito
      When the requesting payer retrieves the member from the responding payer by $everything
      And another payer reads the Patient of Ana Adams at the responding payer with its token for the data
      Then the data is given to no client that did not match the member

    @CORE-020 @CORE-021 @HREX-058
    Scenario: The Patient and the documents of another member
      Given the requesting payer holds a token for the data of Ana Adams
      When the requesting payer retrieves the member from the responding payer by $everything
      And the requesting payer reads the Patient of another member at the responding payer
      And the requesting payer reads its documents at the responding payer
      And the requesting payer reads the documents of another member at the responding payer
      Then the data is given to nobody without a right to it
      And the data holds nothing of another member
      And the answers say why they refuse, and no more

    @HREX-058
    Scenario: The member takes the consent back
      Given the requesting payer holds a token for the data of Ana Adams
      When the requesting payer retrieves the member from the responding payer by $everything
      And the consent of Ana Adams for the requesting payer is revoked
      And the requesting payer searches by every method after the consent has ended at the responding payer
      Then the data is given to nobody without a right to it

    @HREX-058
    Scenario: A list that was begun before the member took the consent back
      Given the requesting payer holds a token for the data of Ana Adams
      When the requesting payer searches the first of several pages at the responding payer
      And the consent of Ana Adams for the requesting payer is revoked
      And the requesting payer searches the page after it, when the consent has ended at the responding payer
      Then the data is given to nobody without a right to it
