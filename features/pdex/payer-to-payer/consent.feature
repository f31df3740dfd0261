@pdex @payer-to-payer
Feature: The consent that comes with a match
  The new plan shows what the member allows: which data, to whom, from when until
  when. The old plan honours that, or refuses; the member has the last word.

  PDex, "Evaluation of Consent", "Consent Revocation"; HRex, hrex-consent.

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Iris Ito
    And the responding payer insures Ana Adams
    And the requesting payer has matched Ana Adams with the responding payer and may see everything

  Rule: A consent that does not permit this disclosure is refused, and nothing is disclosed

    @HREX-011 @HREX-012 @PDEX-114 @PDEX-115 @PDEX-118
    Scenario Outline: A request comes <mistake>
      When the requesting payer asks the responding payer to match Ana Adams <mistake>
      Then the match is refused because the consent cannot be honoured

      Examples:
        | mistake                                       |
        | with a consent that ended yesterday           |
        | with a consent that starts tomorrow           |
        | with a consent for another payer to receive   |
        | with a consent for another payer to disclose  |
        | with a consent whose actors are swapped       |

    @HREX-011 @HREX-012 @PDEX-114 @PDEX-115 @PDEX-118
    Scenario: The old plan cannot keep sensitive records back
      Given the responding payer insures Grace Green
      And the responding payer can neither leave out nor label sensitive records
      When the requesting payer asks the responding payer to match Grace Green and share non-sensitive data
      Then the match is refused because the consent cannot be honoured

    @HREX-011 @HREX-012 @PDEX-114 @PDEX-115 @PDEX-118
    Scenario: The member has told the old plan otherwise
      Given the responding payer insures Dev Desai
      And Dev Desai has told the responding payer not to share with the requesting payer
      When the requesting payer asks the responding payer to match Dev Desai and share everything
      Then the match is refused because the consent cannot be honoured

    @PDEX-117 @PDEX-118
    Scenario Outline: A consent that is none comes <mistake>
      When the requesting payer asks the responding payer to match Ana Adams <mistake>
      Then the match is refused because the consent is unsound

      Examples:
        | mistake                                               |
        | without a Consent                                     |
        | with a consent about somebody else                    |
        | with a consent about the patient by an absolute URL   |
        | with a consent of a policy that nobody knows          |
        | with a consent that names no recipient                |
        | with a consent that names no discloser                |
        | with a consent that never ends                        |
        | with a consent that is only proposed                  |
        | with a consent that denies                            |

  Rule: A consent that permits it is accepted, whatever else it says

    @PDEX-118
    Scenario Outline: The consent holds from <start> to <end>
      When the requesting payer asks the responding payer to match Ana Adams with a consent from <start> to <end>
      Then the first or last day is no reason to refuse

      Examples:
        | start            | end             |
        | three months ago | today           |
        | today            | in three months |
        | today            | today           |
        | this month       | this month      |
        | this year        | this year       |
        | last year        | next year       |
        | a minute ago     | in a minute     |

    @HREX-027
    Scenario Outline: The consent is not for these two alone: <manner>
      When the requesting payer asks the responding payer to match Ana Adams <manner>
      Then a further actor is no reason to refuse

      Examples:
        | manner                                     |
        | with a consent that names further payers   |
        | with a mutual consent                      |

    @PDEX-119
    Scenario: The document behind the consent is evidence and nothing else
      When the requesting payer asks the responding payer to match Ana Adams with a consent whose document nobody can fetch
      Then a document that nobody can fetch is no reason to refuse

    @HREX-027
    Scenario: Everything, or what is not sensitive
      Given the responding payer insures Grace Green
      When the requesting payer asks the responding payer to match Grace Green and share non-sensitive data
      And the requesting payer asks the responding payer to match Grace Green and share everything
      Then at least one policy is recognised

    @PDEX-107
    Scenario Outline: A payer that <way> can honour any policy
      Given the responding payer insures Grace Green
      And the responding payer <way>
      When the requesting payer asks the responding payer to match Grace Green and share non-sensitive data
      Then the match is accepted

      Examples:
        | way                          |
        | leaves sensitive records out |
        | labels sensitive records     |

    @PDEX-107 @PDEX-121 @PDEX-122
    Scenario: Somebody else gave the consent for the member
      Given the responding payer insures Jack Jones
      When the requesting payer asks the responding payer to match Jack Jones with a consent that a representative gave
      Then the match is accepted
      And the requesting payer named the representative in the consent

  Rule: The consent is asked again for every token and for every piece of data

    @HREX-013
    Scenario: A consent that ends in a minute
      When the requesting payer asks the responding payer to match Ana Adams with a consent from yesterday to in a minute
      And the requesting payer asks the responding payer for a token for the data of Ana Adams
      And 2 minutes pass
      And the requesting payer asks the responding payer for a token for the data of Ana Adams
      Then it is refused because the consent has ended

    @PDEX-124
    Scenario: No token after the consent is revoked
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the consent of Ana Adams for the requesting payer is revoked
      And the requesting payer asks the responding payer for a token for the data of Ana Adams
      Then it is refused because the consent is revoked

    @PDEX-124
    Scenario: No data after the consent is revoked
      Given the requesting payer holds a token for the data of Ana Adams
      When the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And the consent of Ana Adams for the requesting payer is revoked
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      Then it is refused because the consent is revoked

    @PDEX-124
    Scenario: The member has the last word after a match as well
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And Ana Adams has told the responding payer not to share with the requesting payer
      And the requesting payer asks the responding payer for a token for the data of Ana Adams
      Then it is refused because the consent is revoked
