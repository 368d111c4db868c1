"""One module per aggregate; the only place that knows DynamoDB."""
