"""What the USPTO's status codes of marks say, in our words for a legal status.

Source: the USPTO's documentation of the daily trademark XML, version 2.3 (2024), table 1, and its
list of class status codes; the office's words are the comments. Its column live or dead decides,
except where the code itself says more: a pending mark under opposition, an application refused
after an appeal, a registration cancelled by a court. A registration cancelled because a
declaration was not filed (sections 8 and 71) has lapsed. Codes that the table calls indifferent
(000, 622, 970) say nothing of the mark and have no entry.
"""

STATUS: dict[str, str] = {
    "400": "lapsed",  # ir cancelled; application pending transformation
    "401": "lapsed",  # ir cancelled - no transformation filed
    "402": "withdrawn",  # ir cancelled; us application abandoned
    "403": "lapsed",  # ir cancelled; registration pending transformation
    "404": "lapsed",  # ir cancelled; us registration cancelled
    "405": "lapsed",  # ir canceled; application transfrmed
    "406": "lapsed",  # ir cancelled; registration transformed
    "410": "pending",  # ir restricted; us app. abandoned, pending transformation
    "411": "withdrawn",  # ir restricted; us app. abandoned; no transformation filed
    "412": "withdrawn",  # ir restricted; us application abandoned
    "413": "pending",  # ir restricted; us reg. cancelled pend transformation
    "414": "lapsed",  # ir restricted; us reg. cancelled; no transformation filed
    "415": "lapsed",  # ir restricted; us registration cancelled
    "416": "withdrawn",  # ir restricted; us app abandoned; us app transformed
    "417": "lapsed",  # ir restricted; us reg cancelled; us reg transformed
    "600": "withdrawn",  # abandoned - incomplete response
    "601": "withdrawn",  # abandoned - express
    "602": "withdrawn",  # abandoned-failure to respond or late response
    "603": "refused",  # abandoned - after ex parte appeal
    "604": "refused",  # abandoned - after inter-partes decision
    "605": "withdrawn",  # abandoned - express after pub
    "606": "withdrawn",  # abandoned - no statement of use filed
    "607": "withdrawn",  # abandoned - defective statement of use
    "608": "refused",  # abandoned - after petition decision
    "609": "withdrawn",  # abandoned - defective divided application
    "610": "revoked",  # terminated after sanctions
    "612": "withdrawn",  # petition to revive-received
    "614": "withdrawn",  # abandoned petition to revive-denied
    "616": "pending",  # revived - awaiting further action
    "618": "withdrawn",  # abandoned file - backfile
    "620": "pending",  # backfile application added to data base - status not recorded
    "624": "registered",  # registered - backfile
    "625": "registered",  # registration added to the data base- status unclear
    "626": "lapsed",  # registered - backfile cancelled or expired
    "630": "pending",  # new application - record initialized not assigned to examiner
    "631": "pending",  # new application - divided - initial processing
    "632": "refused",  # informal application
    "638": "pending",  # new application - assigned to examiner
    "640": "pending",  # non-final action counted - not mailed
    "641": "pending",  # non-final action - mailed
    "642": "pending",  # inventoried as rejected
    "643": "pending",  # previous action/allowance count withdrawn
    "644": "pending",  # final refusal counted - not mailed
    "645": "pending",  # final refusal - mailed
    "646": "pending",  # examiners amendment counted - not mailed
    "647": "pending",  # examiners amendment - mailed
    "648": "pending",  # action continuing final counted - not mailed
    "649": "pending",  # action continuing final - mailed
    "650": "pending",  # suspension inquiry counted - not mailed
    "651": "pending",  # suspension inquiry - mailed
    "652": "pending",  # suspension letter counted - not mailed
    "653": "pending",  # suspension letter - mailed
    "654": "pending",  # report completed suspension check - case still suspended
    "655": "pending",  # examiner's amendment/priority action counted not mailed
    "656": "pending",  # examiner's amendment/priority action mailed
    "657": "pending",  # priority action counted not mailed
    "658": "pending",  # priority action mailed
    "659": "pending",  # subsequent final refusal counted not mailed
    "660": "pending",  # subsequent final mailed
    "661": "pending",  # response after non-final action - entered
    "663": "pending",  # response after final rejection - entered
    "664": "pending",  # inventoried as amended
    "665": "pending",  # notice of unresponsive amendment - counted
    "666": "pending",  # notice of unresponsive amendment - mailed
    "667": "pending",  # refusal withdrawl letter - counted
    "668": "pending",  # refusal withdrawl letter - mailed
    "672": "pending",  # reinstated - awaiting further action
    "680": "pending",  # approved for publication
    "681": "pending",  # publication/issue review complete
    "682": "pending",  # additional review completed - returned to pub cycle
    "686": "pending",  # published for opposition
    "688": "pending",  # notice of allowance - issued
    "689": "pending",  # notice of allowance - withdrawn
    "690": "pending",  # notice of allowance - cancelled
    "692": "pending",  # withdrawn before publication
    "693": "pending",  # withdrawn from issue-jurisdiction restored
    "694": "pending",  # withdrawn before issue
    "700": "registered",  # registered
    "701": "registered",  # section 8-accepted
    "702": "registered",  # section 8 & 15-accepted and acknowledged
    "703": "registered",  # section 15-acknowledged
    "704": "registered",  # partial section 8 accepted
    "705": "registered",  # partial section 8 & 15 accepted and acknowledged
    "706": "registered",  # section 71 accepted
    "707": "registered",  # partial section 71 accepted
    "708": "registered",  # partial section 71 & 15 accepted and acknowledged
    "709": "lapsed",  # cancelled - section 71
    "710": "lapsed",  # cancelled - section 8
    "711": "withdrawn",  # cancelled - section 7
    "712": "revoked",  # cancelled by court order (section 37)
    "713": "revoked",  # cancelled - section 18
    "714": "revoked",  # cancelled - section 24
    "715": "pending",  # cancelled - restored to pendency
    "717": "registered",  # registered - awaiting divisional fee
    "718": "pending",  # request for first extension - filed
    "719": "pending",  # request for second extension - filed
    "720": "pending",  # request for third extension - filed
    "721": "pending",  # request for fourth extension - filed
    "722": "pending",  # request for fifth extension - filed
    "724": "pending",  # extension request refusal - counted
    "725": "pending",  # extension request refusal - mailed
    "730": "pending",  # first extension - granted
    "731": "pending",  # second extension - granted
    "732": "pending",  # third extension - granted
    "733": "pending",  # fourth extension - granted
    "734": "pending",  # fifth extension - granted
    "739": "registered",  # section 71 & 15 - accepted and acknowledged
    "740": "registered",  # post registration paper filed - assigned to para-legal
    "744": "pending",  # statement of use - filed
    "745": "pending",  # statement of use - informal-letter mailed
    "746": "pending",  # statement of use - informal-response entered
    "748": "pending",  # statement of use - to examiner
    "752": "pending",  # su - examiner statement counted - not mailed
    "753": "pending",  # su - examiner statement - mailed
    "756": "pending",  # examiner statement counted - not mailed
    "757": "pending",  # examiner statement - mailed
    "760": "pending",  # ex parte appeal pending
    "762": "pending",  # ex parte appeal terminated
    "763": "pending",  # ex parte appeal-refusal affirmed
    "764": "pending",  # ex parte appeal dismissed as moot
    "765": "pending",  # concurrent use proceeding terminated- granted
    "766": "pending",  # concurrent use proceeding terminated- denied
    "771": "pending",  # concurrent use proceeding pending
    "772": "pending",  # interference proceeding pending
    "773": "pending",  # extension of time to oppose process - terminated
    "774": "opposed",  # opposition pending
    "775": "pending",  # opposition dismissed
    "777": "pending",  # opposition terminated-see ttab records
    "778": "registered",  # cancellation dismissed
    "779": "opposed",  # opposition sustained
    "780": "registered",  # cancellation terminated - see ttab records
    "781": "revoked",  # cancelled - section 16a
    "782": "revoked",  # cancelled - section 16b
    "790": "registered",  # cancellation pending
    "794": "pending",  # jurisdiction restored to examining attorney
    "800": "registered",  # registered and renewed
    "801": "opposed",  # opposition papers filed
    "802": "pending",  # request for extension of time to file opposition
    "803": "pending",  # amendment after publication
    "804": "pending",  # appeal received at ttab
    "806": "pending",  # su - non-final action counted - not mailed
    "807": "pending",  # su - non-final action - mailed
    "808": "pending",  # su - final refusal counted - not mailed
    "809": "pending",  # su - final refusal - mailed
    "810": "pending",  # su - examiner's amendment counted - not mailed
    "811": "pending",  # su - examiner's amendment - mailed
    "812": "pending",  # su - action continuing final counted - not mailed
    "813": "pending",  # su - action continuing final - mailed
    "814": "pending",  # su - response after non-final action - entered
    "815": "pending",  # su - response after final rejection - entered
    "816": "pending",  # su - notice of unresponsive amendment - counted
    "817": "pending",  # su - notice of unresponsive amendment - mailed
    "818": "pending",  # su - statement of use accepted - approved for registration
    "819": "pending",  # su - registration review complete
    "820": "pending",  # su-examiner's amendment/priority action counted not mailed
    "821": "pending",  # su - examiner's amendment/priority action mailed
    "822": "pending",  # su - priority action counted not mailed
    "823": "pending",  # su - priority action mailed
    "824": "pending",  # su - subsequent final refusal written
    "825": "pending",  # su - subsequent final mailed
    "900": "expired",  # expired
    "901": "refused",  # dead inventoried as rejected
    "968": "withdrawn",  # non registration data withdrawn
    "969": "pending",  # non registration data
    "973": "pending",  # suspended pending administrative review
}

CLASS_STATUS: dict[str, str | None] = {  # None: as the whole mark
    **dict.fromkeys(("6", "P", "W"), None),  # active, partially paid, fee waived
    **dict.fromkeys(("1", "A"), "withdrawn"),  # section 7(e): surrendered
    **dict.fromkeys(("2", "B", "F", "G", "H"), "lapsed"),  # sections 8, 71 and 70
    **dict.fromkeys(("3", "C", "4", "D", "5", "E"), "revoked"),  # sections 18, 24 and 37
    **dict.fromkeys(("J", "K"), "revoked"),  # sections 16A and 16B
    "7": "lapsed",  # inactive: insufficient fee
    "8": "withdrawn",  # abandoned
    "9": "expired",
    "X": "lapsed",  # terminated
}
