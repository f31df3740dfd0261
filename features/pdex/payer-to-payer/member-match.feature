@pdex @payer-to-payer
Feature: Matching a member
  A member changes health plan. The new plan asks the old one: is this person
  yours? The old plan names exactly one member, or refuses, says why, and gives
  nothing away.

  HRex, OperationDefinition member-match; PDex, Payer-to-Payer Exchange (Single Member).

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Iris Ito
    And the responding payer insures Ana Adams

  Rule: One member who fits is named

    Background:
      Given the requesting payer holds a token to match members of the responding payer

    @PDEX-037 @PDEX-107 @PDEX-108 @PDEX-109 @HREX-008 @HREX-019 @HREX-020
    Scenario: The new plan asks about a member of the old plan
      When the requesting payer asks the responding payer to match Ana Adams and share everything
      Then the match names Ana Adams
      And the client submits the member id on the card

    @PDEX-107 @PDEX-108 @PDEX-109 @HREX-008 @HREX-019 @HREX-020
    Scenario Outline: The story of <person> ends well too
      Given the responding payer insures <person>
      When the requesting payer asks the responding payer to match <person> and share everything
      Then the match names <person>

      Examples:
        | person     |
        | Carla Cruz |
        | Eva Evans  |
        | Hugo Hart  |
        | Kim Klein  |

    @HREX-001 @HREX-002 @HREX-005 @HREX-006 @HREX-016 @HREX-017 @HREX-018 @HREX-021 @HREX-022 @HREX-023 @HREX-024 @HREX-025 @HREX-026 @HREX-028 @HREX-029 @PDEX-037 @PDEX-123
    Scenario: The request says what it must and no more
      When the requesting payer asks the responding payer to match Ana Adams and share everything
      Then the requesting payer sent a sound request
      And the client submits the member id on the card

    @HREX-001 @HREX-002 @HREX-005 @HREX-006 @HREX-016 @HREX-017 @HREX-018 @HREX-021 @HREX-022 @HREX-023 @HREX-024 @HREX-025 @HREX-026 @HREX-028 @HREX-029 @PDEX-123
    Scenario Outline: What is particular about <person> does not make a request unsound
      Given the responding payer insures <person>
      When the requesting payer asks the responding payer to match <person> and share non-sensitive data
      Then the requesting payer sent a sound request

      Examples:
        | person    |
        | Hugo Hart |
        | Eva Evans |

    @PDEX-107
    Scenario Outline: A request may come <difference>
      When the requesting payer asks the responding payer to match Ana Adams <difference>
      Then the match is accepted

      Examples:
        | difference                         |
        | with the parameters in another order |
        | with birth sex in place of gender  |

    @HREX-037
    Scenario: A request may carry what nobody knows
      Given the requesting payer has matched Ana Adams with the responding payer and may see everything
      When the requesting payer asks the responding payer to match Ana Adams with an extension that nobody knows
      Then an unknown extension is no reason to refuse

    @PDEX-110
    Scenario: The identifier alone is enough to go on
      Given the responding payer names a matched member by identifier alone
      And the requesting payer has matched Ana Adams with the responding payer and may see everything
      And the requesting payer holds a token for the data of Ana Adams
      Then the requesting payer went on without a MemberId

    @PDEX-106
    Scenario: Data is asked for after the match and not before
      Given the requesting payer has matched Ana Adams with the responding payer and may see everything
      And the requesting payer holds a token for the data of Ana Adams
      When the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      Then the requesting payer asked for data after the match alone

    @HREX-003
    Scenario: The member goes by the identifier of the match
      Given the requesting payer has matched Ana Adams with the responding payer and may see everything
      And the requesting payer holds a token for the data of Ana Adams
      When the requesting payer finds Ana Adams at the responding payer by the identifier of the match
      Then the requesting payer named the member by the identifier of the match

  Rule: Anything but one member is refused

    Background:
      Given the requesting payer has matched Ana Adams with the responding payer and may see everything

    @HREX-009 @HREX-012 @PDEX-116
    Scenario: Nobody like that is insured
      Given the responding payer insures nobody like Zoe Zhang
      When the requesting payer asks the responding payer to match Zoe Zhang and share everything
      Then the match is refused because nobody fits

    @HREX-009 @HREX-012 @PDEX-116
    Scenario Outline: A member who is asked for <difference> is nobody
      When the requesting payer asks the responding payer to match Ana Adams <difference>
      Then the match is refused because nobody fits

      Examples:
        | difference                    |
        | with the card of another plan |
        | with another birth date       |
        | with another family name      |

    @HREX-009 @HREX-012 @PDEX-116
    Scenario: The card is of neither of two coverages
      Given the responding payer insures Carla Cruz
      When the requesting payer asks the responding payer to match Carla Cruz with the card of another plan
      Then the match is refused because nobody fits

    @HREX-010 @HREX-012 @PDEX-116
    Scenario: Two members are alike in all that was asked
      Given the responding payer insures two people called Ben Brown
      When the requesting payer asks the responding payer to match Ben Brown and share everything
      Then the match is refused because more than one member fits

    @HREX-007 @intrusive
    Scenario: Card after card is tried for one person
      When the requesting payer guesses the member number of Ana Adams at the responding payer
      Then the match is refused because somebody is guessing

  Rule: A request that is not what the operation takes is refused

    Background:
      Given the requesting payer has matched Ana Adams with the responding payer and may see everything

    @PDEX-117
    Scenario Outline: A request comes <mistake>
      When the requesting payer asks the responding payer to match Ana Adams <mistake>
      Then the match is refused because the request is badly formed

      Examples: parameters
        | mistake                                       |
        | without a MemberPatient                       |
        | without a CoverageToMatch                     |
        | with a parameter that nobody knows            |
        | with the parameter names in lower case        |
        | with two MemberPatients                       |
        | with a RelatedPerson as MemberPatient         |
        | with the MemberPatient as CoverageToMatch     |
        | with a Bundle in place of the Parameters      |

      Examples: demographics and cards
        | mistake                                       |
        | without a family name                         |
        | without a given name                          |
        | without a birth date                          |
        | with neither gender nor birth sex             |
        | without a member number on the card           |
        | without the relationship to the subscriber    |
        | without a payor                               |

      Examples: references
        | mistake                                       |
        | with a beneficiary by an absolute URL         |
        | with a contained beneficiary                  |
        | with a beneficiary of another id              |
        | with a linked coverage of another id          |

      Examples: bodies
        | mistake                                       |
        | with a body that breaks off                   |
        | with an empty body                            |
        | with ten thousand levels of nesting           |
        | in XML                                        |

    @PDEX-117
    Scenario: Of a person neither gender nor birth sex is known
      Given the responding payer insures Finn Fisher
      When the requesting payer asks the responding payer to match Finn Fisher and share everything
      Then the match is refused because the request is badly formed

    @HREX-014
    Scenario: What changes state is not for GET
      When the requesting payer asks the responding payer to match Ana Adams with GET
      Then the match is refused because the operation is for POST
