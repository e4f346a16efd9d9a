"""Tables of a Serverless Framework file."""

from pathlib import Path

from dynavet.sources import Sources
from dynavet.text import Hole, Text
from dynavet.values import Known, Unknown
from dynavet_parsers.cloudformation import read_template

FILE = """\
service: orders
provider:
  name: aws
  stage: ${opt:stage, 'dev'}
resources:
  - ${file(more.yml)}
  - Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties:
          TableName: orders-${self:provider.stage}
          SSESpecification:
            SSEEnabled: true
            KMSMasterKeyId: ${param:key}
  - Resources:
      Reader:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: dynamodb:GetItem
                Resource: !Sub "${Orders.Arn}"
                Condition:
                  StringEquals: {"aws:PrincipalTag/owner": "${aws:username}"}
"""


def test_resources_are_read_and_variables_are_undecided(tmp_path: Path) -> None:
    path = tmp_path / "serverless.yml"
    path.write_text(FILE)
    project = read_template(path, Sources([tmp_path], tmp_path))
    assert project is not None
    (table,) = project.tables
    assert (table.address, table.origin.line) == ("Orders", 8)
    stage = Hole("${self:provider.stage} is resolved by the Serverless Framework")
    assert table.name == Known(Text(("orders-", stage)))
    assert isinstance(table.encryption, Known)
    assert table.encryption.value.key == Unknown("${param:key} is resolved by the Serverless Framework")
    (policy,) = project.policies
    assert policy.address == "Reader"
    assert [missing.source for missing in project.missing] == ["${file(more.yml)}"]
