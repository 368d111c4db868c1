"""The HTTPS door: routes, requests, answers, problems, who is asking."""
