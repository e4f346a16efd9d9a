# What members of a group may do to their own user, and what they may not do without a second factor.
data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition   = data.aws_partition.current.partition
  account_arn = "arn:${local.partition}:iam::${coalesce(local.given_account, local.caller)}"
  caller      = data.aws_caller_identity.current.account_id
  own         = ["${local.account_arn}:user/$${aws:username}", "${local.account_arn}:user/*/$${aws:username}"]

  enforced    = var.enable_mfa_enforcement && var.enable_mfa_enforcment

  self_management = [
    {
      sid       = "ViewAccountInfo"
      resources = ["*"]
      actions = [
        "iam:GetAccountSummary",
        "iam:GetAccountPasswordPolicy",
        "iam:ListAccountAliases",
        "iam:ListVirtualMFADevices",
      ]
    },
    {
      sid       = "ManageOwnPasswords"
      resources = local.own
      actions = [
        "iam:ChangePassword",
        "iam:GetLoginProfile",
        "iam:GetUser",
        "iam:UpdateLoginProfile",
      ]
    },
    {
      sid       = "ManageOwnAccessKeys"
      resources = local.own
      actions = [
        "iam:CreateAccessKey",
        "iam:DeleteAccessKey",
        "iam:ListAccessKeys",
        "iam:UpdateAccessKey",
        "iam:GetAccessKeyLastUsed",
        "iam:TagUser",
        "iam:ListUserTags",
        "iam:UntagUser",
      ]
    },
    {
      sid       = "ManageOwnSigningCertificates"
      resources = local.own
      actions = [
        "iam:DeleteSigningCertificate",
        "iam:ListSigningCertificates",
        "iam:UpdateSigningCertificate",
        "iam:UploadSigningCertificate",
      ]
    },
    {
      sid       = "ManageOwnSSHPublicKeys"
      resources = local.own
      actions = [
        "iam:DeleteSSHPublicKey",
        "iam:GetSSHPublicKey",
        "iam:ListSSHPublicKeys",
        "iam:UpdateSSHPublicKey",
        "iam:UploadSSHPublicKey",
      ]
    },
    {
      sid       = "ManageOwnGitCredentials"
      resources = local.own
      actions = [
        "iam:CreateServiceSpecificCredential",
        "iam:DeleteServiceSpecificCredential",
        "iam:ListServiceSpecificCredentials",
        "iam:ResetServiceSpecificCredential",
        "iam:UpdateServiceSpecificCredential",
      ]
    },
    {
      sid       = "ManageOwnVirtualMFADevice"
      resources = ["${local.account_arn}:mfa/*"]
      actions = [
        "iam:CreateVirtualMFADevice",
      ]
    },
    {
      sid       = "ManageOwnUserMFA"
      resources = local.own
      actions = [
        "iam:DeactivateMFADevice",
        "iam:EnableMFADevice",
        "iam:ListMFADevices",
        "iam:ResyncMFADevice",
      ]
    },
  ]
  without_mfa = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:GetMFADevice",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
    "iam:ChangePassword",
  ]
}
