"""The practices that rules serve: the rows of a posture.

They are AWS's twelve security best practices for DynamoDB, six detective and six preventive
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/best-practices-security.html),
and three issues that its tables have unless something is done; their titles say what is to be done.
"""

from __future__ import annotations

from dynavet.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One row.

    It is held only if of each group in `needs` one rule passed on something: other rules of
    the row may find it broken, but their passing alone says too little. `held` says what
    that means, `silent` what is so where no rule of the row judged anything, `unseen` what no
    reading of code can tell.
    """

    id: str
    title: str
    needs: tuple[tuple[str, ...], ...]
    held: str
    silent: str
    unseen: str


KINDS = {"D": "Detective", "P": "Preventive", "I": "Known issues"}
"""What the letter of a practice's id stands for."""

PRACTICES = (
    Practice(
        id="D1",
        title="use of keys in CloudTrail",
        needs=(("DDB402",),),
        held="A trail of the code logs the calls of KMS.",
        silent="no trail in this code",
        unseen="Whether anybody reads the log, and a trail that the organisation or another repository sets up.",
    ),
    Practice(
        id="D2",
        title="operations in CloudTrail",
        needs=(("DDB401",), ("DDB403",)),
        held="A trail logs management events, and it or another one the data events of the declared tables: the "
        "first alone leave out who read and wrote items.",
        silent="no trail in this code",
        unseen="Whether anybody reads the log, and a trail that the organisation or another repository sets up.",
    ),
    Practice(
        id="D3",
        title="streams watch changes",
        needs=(("DDB404",),),
        held="A table has a stream or a Kinesis destination, and something in the code reads it.",
        silent="no stream that something reads, and none is asked for",
        unseen="What the consumer does with the records, and consumers that other code attaches to the stream.",
    ),
    Practice(
        id="D4",
        title="AWS Config records tables",
        needs=(("DDB405",),),
        held="A recorder of the code runs, covers tables, and delivers with notifications.",
        silent="no recorder in this code",
        unseen="A recorder that another repository, AWS Control Tower or a person has started: there is one for each "
        "account and Region.",
    ),
    Practice(
        id="D5",
        title="AWS Config rules on tables",
        needs=(("DDB406",),),
        held="Managed rules for DynamoDB are deployed by this code, alone or in a conformance pack.",
        silent="no AWS Config rules in this code",
        unseen="Rules that the organisation deploys, and what the rules say of the tables that are there.",
    ),
    Practice(
        id="D6",
        title="tags",
        needs=(("DDB501",),),
        held="Every table and replica has the required tags.",
        silent="no table in this code",
        unseen="Whether the values are true, and tag policies of the organisation.",
    ),
    Practice(
        id="P1",
        title="encryption at rest",
        needs=(("DDB101",),),
        held="Every table is encrypted with a customer managed key, and nothing is wrong with the key, its use, or "
        "what copies the items go to.",
        silent="no table in this code; DynamoDB encrypts every table, with a key of AWS unless told otherwise",
        unseen="The policy and the state of a key that other code declares, and who has been granted its use since.",
    ),
    Practice(
        id="P2",
        title="roles instead of long-term keys",
        needs=(("DDB212", "DDB220"),),
        held="Users, groups, access keys and credentials in the code are without access to DynamoDB, or roles that "
        "federated identities assume are open only to those that are meant.",
        silent="no user, key or federated role in this code",
        unseen="Users and keys that were made by hand, keys on the machines of developers, and secrets that programs "
        "fetch when they run.",
    ),
    Practice(
        id="P3",
        title="least privilege",
        needs=(("DDB201",), ("DDB202",)),
        held="Every policy statement that reaches DynamoDB names its actions and its tables, and no statement opens "
        "tables to everybody, to other accounts, or to be copied away.",
        silent="no policy on DynamoDB in this code",
        unseen="Whether a program needs all that it is allowed (IAM Access Analyzer knows what was used), and policies "
        "that other code attaches to the same identities.",
    ),
    Practice(
        id="P4",
        title="fine-grained conditions",
        needs=(("DDB203",),),
        held="There are statements on items for people or federated identities, and all of them have conditions on "
        "rows or attributes that cannot be got past.",
        silent="no statement on items for people or federated identities",
        unseen="Whether the key of an item is the tenant that it belongs to, and what a program with a role of its own "
        "lets its users do.",
    ),
    Practice(
        id="P5",
        title="VPC endpoint",
        needs=(("DDB301",),),
        held="Every VPC from which DynamoDB is used has a gateway endpoint; where the code says more of it, it is "
        "routed and limited by its policy.",
        silent="no VPC that uses DynamoDB in this code",
        unseen="VPCs and route tables of other repositories, and what runs outside of AWS.",
    ),
    Practice(
        id="P6",
        title="client-side encryption",
        needs=(("DDB111",),),
        held="The project of every table that is marked as sensitive depends on a library that encrypts items before "
        "they are sent.",
        silent="no table is marked as sensitive",
        unseen="Whether the program uses the library, and for which attributes.",
    ),
    Practice(
        id="I1",
        title="encryption in transit",
        needs=(("DDB109", "DDB305"),),
        held="DAX clusters and the endpoints that the code sets use TLS.",
        silent="nothing is set in this code; the SDKs of AWS use TLS unless told otherwise",
        unseen="An endpoint that a program sets for itself, and the version of TLS that it agrees on.",
    ),
    Practice(
        id="I2",
        title="limits on items and attributes",
        needs=(("DDB203",),),
        held="There are statements on items for people or federated identities, and all of them are limited to rows "
        "or attributes.",
        silent="no statement on items for people or federated identities",
        unseen="The limits that a program puts on its own users.",
    ),
    Practice(
        id="I3",
        title="traffic off the Internet",
        needs=(("DDB301",),),
        held="Every VPC from which DynamoDB is used has a gateway endpoint, and nothing of DAX is open to the world.",
        silent="no VPC that uses DynamoDB in this code",
        unseen="Clients outside of the declared VPCs: functions without a VPC use the network of AWS, anything else "
        "may come from anywhere.",
    ),
)
