"""Libraries with which an application encrypts items before it sends them to DynamoDB.

https://docs.aws.amazon.com/database-encryption-sdk/latest/devguide/what-is-database-encryption-sdk.html
https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/programming-languages.html
"""

from __future__ import annotations

from dynavet.model import Library

_OF_ITEMS = {
    ("Java", "software.amazon.cryptography:aws-database-encryption-sdk-dynamodb"),
    ("Java", "com.amazonaws:aws-dynamodb-encryption-java"),
    ("Python", "dynamodb-encryption-sdk"),
    ("Python", "aws-dbesdk-dynamodb"),
    (".NET", "aws.cryptography.dbencryptionsdk.dynamodb"),
    ("Rust", "aws-db-esdk"),
}
_GO_OF_ITEMS = "github.com/aws/aws-database-encryption-sdk-dynamodb/"
_OF_ANYTHING = {
    ("Java", "com.amazonaws:aws-encryption-sdk-java"),
    ("Java", "software.amazon.cryptography:aws-cryptographic-material-providers"),
    ("Python", "aws-encryption-sdk"),
    ("Python", "aws-cryptographic-material-providers"),
    ("JavaScript", "@aws-crypto/client-node"),
    ("JavaScript", "@aws-crypto/client-browser"),
    (".NET", "aws.encryptionsdk"),
    (".NET", "aws.cryptography.encryptionsdk"),
    (".NET", "aws.cryptography.materialproviders"),
    ("Rust", "aws-esdk"),
}
_GO_OF_ANYTHING = (
    "github.com/aws/aws-encryption-sdk/",
    "github.com/aws/aws-cryptographic-material-providers-library/",
)


def encrypts_items(library: Library) -> bool:
    """Whether it is the AWS Database Encryption SDK for DynamoDB, or the DynamoDB Encryption Client before it."""
    if library.ecosystem == "Go":
        return library.name.startswith(_GO_OF_ITEMS)
    return (library.ecosystem, library.name) in _OF_ITEMS


def can_encrypt_items(library: Library) -> bool:
    """Whether it is the AWS Encryption SDK or a part of it, which encrypts anything, items among it."""
    if library.ecosystem == "Go":
        return library.name.startswith(_GO_OF_ANYTHING)
    return (library.ecosystem, library.name) in _OF_ANYTHING
