"""Files of the Serverless Framework, as the templates that it deploys."""
