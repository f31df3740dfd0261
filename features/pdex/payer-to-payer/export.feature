@pdex @payer-to-payer @bulk
Feature: Retrieving a member's data by export
  The new plan begins an asynchronous export of the member, waits as it is told,
  fetches the files and says that they are no longer needed.

  PDex, "Data Retrieval Methods", Patient/$export; Bulk Data Access 2.0, "Export".

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Iris Ito
    And the responding payer insures Ana Adams
    And the requesting payer holds a token for the data of Ana Adams

  Rule: From the kick-off to the last file

    @BULK-001 @BULK-002 @BULK-010 @BULK-011 @BULK-014 @BULK-015 @BULK-016 @BULK-019 @BULK-021 @BULK-033 @BULK-038
    @BULK-050 @BULK-051 @BULK-052 @BULK-053 @BULK-057 @BULK-058 @BULK-059 @BULK-070 @BULK-071 @BULK-072 @BULK-073
    @BULK-074 @BULK-075 @BULK-076 @BULK-079 @BULK-080 @BULK-085 @BULK-086 @BULK-089 @BULK-090 @HREX-058 @PDEX-105
    @PDEX-125 @PDEX-126 @PDEX-134 @PDEX-135
    Scenario: The new plan exports the member
      Given the requesting payer registers with the responding payer
      And the requesting payer has matched Ana Adams with the responding payer and may see everything
      And the requesting payer holds a token for the data of Ana Adams
      And the next export of the responding payer takes its time
      When the requesting payer retrieves the member from the responding payer by export
      Then the export runs to its end
      And the export is begun as it should be
      And the export tells how far it is
      And the export has a sound manifest
      And the export has sound files
      And the data is the whole record
      And the client retrieves as it should

    @BULK-081 @BULK-087
    Scenario: The export says no more than it must
      Given the next export of the responding payer is ready at once
      When the requesting payer exports the member from the responding payer of a few types
      Then the export says no more than it must
      And the export keeps its token to itself where none is needed

    @BULK-091 @PDEX-030 @PDEX-365 @PDEX-366
    Scenario: The documents of exported records can be fetched
      When the requesting payer exports the member from the responding payer of what has documents
      And the requesting payer reads its documents at the responding payer
      Then the data has documents with content

    @BULK-090 @HREX-058 @PDEX-126
    Scenario: The three methods agree
      When the requesting payer retrieves the member from the responding payer by every method
      Then the data is the whole record, by every method alike
      And the export gives each resource once, as it is now
      And the data holds nothing of another member

  Rule: It can be narrowed

    @BULK-013 @BULK-032
    Scenario: To some types, in a list or one by one
      When the requesting payer exports the member from the responding payer of some types, listed and repeated
      Then the export holds these types alone

    @BULK-031
    Scenario: To what changed
      When the requesting payer exports the member from the responding payer that changed lately
      Then the export holds what changed since

    @BULK-077 @BULK-078
    Scenario: To what changed, with what was deleted
      When 10 minutes pass
      And a Patient of Ana Adams is updated
      And a Procedure of Ana Adams is deleted
      And the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer exports the member from the responding payer that changed lately, after a deletion
      Then the export lists what was deleted since

    @BULK-035
    Scenario: To some elements
      When the requesting payer exports the member from the responding payer with some elements
      Then the export is trimmed to these elements

    @BULK-039
    Scenario: By a query
      When the requesting payer exports the member from the responding payer filtered by one query
      Then the export holds what answers to the filter

    @BULK-040
    Scenario: By two queries on one type
      When the requesting payer exports the member from the responding payer filtered by two queries
      Then the export holds what answers to either filter

    @BULK-037
    Scenario: To the latest Provenance
      When the requesting payer exports the member from the responding payer with the latest Provenance
      Then the export holds the Provenance that was asked for

    @BULK-012
    Scenario: By POST
      When the requesting payer exports the member from the responding payer by POST
      Then the export can be begun by POST

    @BULK-036 @HREX-058
    Scenario: By POST, naming another member as well
      When the requesting payer exports the member from the responding payer of a few types
      And the requesting payer exports the member from the responding payer by POST, naming another member
      Then the export holds nothing of strangers that were named
      And the data holds nothing of another member

    @BULK-030
    Scenario: Under every name of NDJSON
      When the requesting payer exports the member from the responding payer under every name of NDJSON
      Then the export accepts every name of NDJSON and no other format

    @BULK-033 @BULK-034 @BULK-058 @BULK-059 @BULK-060 @BULK-070 @BULK-071 @BULK-072 @BULK-073 @BULK-074 @BULK-075
    @BULK-076 @BULK-079
    Scenario: Leniently, of a type that nobody knows
      When the requesting payer exports the member from the responding payer leniently, of a type that nobody knows
      Then the export tells what it left out
      And the export has a sound manifest

    @BULK-041
    Scenario: With a parameter of a later edition
      When the requesting payer begins an export at the responding payer with parameters of Bulk Data 3.0
      Then the export takes or refuses what is new in 3.0

  Rule: What cannot be exported is refused

    @BULK-017 @CORE-020 @CORE-021
    Scenario Outline: An export <mistake>
      When the requesting payer begins an export at the responding payer <mistake>
      Then the export is refused for that
      And the answers say why they refuse, and no more

      Examples:
        | mistake                              |
        | in a format that is none             |
        | with a filter that cannot be applied |
        | without a token                      |

    @BULK-017 @BULK-031
    Scenario: An export since a time that is none
      When the requesting payer begins an export at the responding payer since a time that is none
      Then the export is refused for its time

    @BULK-017 @BULK-034
    Scenario Outline: An export <of>
      When the requesting payer begins an export at the responding payer <of>
      Then the export is refused for its type

      Examples:
        | of                                                |
        | of a type that nobody knows                       |
        | of a type that nobody knows, beside the Patient   |

    @BULK-017 @BULK-042
    Scenario: An export with a parameter that nobody knows
      When the requesting payer begins an export at the responding payer with a parameter that nobody knows, strictly
      Then the export is refused for its parameter

    @BULK-010 @BULK-015 @BULK-016
    Scenario: An export that does not prefer to wait
      When the requesting payer begins an export at the responding payer in the plain way
      And the requesting payer begins an export at the responding payer without preferring an asynchronous answer
      Then the export is begun or refused, and never answered at once

  Rule: It runs in its own time, and for its own client

    @BULK-054
    Scenario: Impatience
      Given the next export of the responding payer takes its time
      When the requesting payer begins an export at the responding payer in the plain way
      And the requesting payer asks about the export too often
      Then the export is not to be asked about too often

    @BULK-018
    Scenario: Two at once
      When the requesting payer begins an export at the responding payer in the plain way
      And the requesting payer begins an export at the responding payer a second time
      Then the export may run beside another

    @BULK-055
    Scenario: It fails
      Given the next export of the responding payer fails
      When the requesting payer begins an export at the responding payer in the plain way
      And the requesting payer waits for the export to fail
      Then the export fails with a reason

    @BULK-095 @BULK-096
    Scenario: It is deleted while it runs
      Given the next export of the responding payer takes its time
      When the requesting payer begins an export at the responding payer in the plain way
      And the requesting payer asks about the export
      And the requesting payer deletes the export
      And the requesting payer asks about the deleted export
      Then the export is gone when it is deleted

    @BULK-095 @BULK-097
    Scenario: It is deleted twice
      When the requesting payer begins an export at the responding payer in the plain way
      And the requesting payer waits for the export
      And the requesting payer deletes the export twice
      Then the export can be deleted when it is complete
      And the export cannot be deleted twice

    @BULK-092
    Scenario: Its files go with it
      When the requesting payer begins an export at the responding payer of a few types
      And the requesting payer waits for the export
      And the requesting payer downloads the files
      And the requesting payer deletes the export
      And the requesting payer downloads the files of the deleted export
      Then the export leaves no files behind

    @BULK-092
    Scenario: It expires
      When the requesting payer begins an export at the responding payer of a few types
      And the requesting payer waits for the export
      And the requesting payer downloads the files
      And 2 days pass
      And the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer downloads the files of the expired export
      Then the export leaves no files behind

    @BULK-003 @HREX-058
    Scenario: Nobody without a token
      When the requesting payer begins an export at the responding payer of a few types
      And the requesting payer waits for the export
      And the requesting payer downloads the files
      And the requesting payer asks about the export and downloads its files without a token
      Then the export is for nobody without a token
      And the data is given to nobody without a right to it

    @BULK-004 @BULK-097 @HREX-058
    Scenario: No other client
      When another payer holds a token for the data of Iris Ito
      And the requesting payer begins an export at the responding payer of a few types
      And the requesting payer waits for the export
      And the requesting payer downloads the files
      And another payer asks about the export of the requesting payer
      And another payer downloads the files of the requesting payer
      And another payer deletes the export of the requesting payer
      Then the export is for the client that began it

    @HREX-058
    Scenario: The consent ends while it runs
      When the requesting payer begins an export at the responding payer of a few types
      And the requesting payer waits for the export
      And the requesting payer downloads the files
      And the consent of Ana Adams for the requesting payer is revoked
      And the requesting payer asks about the export and downloads its files after the consent has ended
      Then the data is given to nobody without a right to it
