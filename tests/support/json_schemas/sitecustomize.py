"""Python imports this at its start when this directory is in PYTHONPATH, as it is for every script test: what a test
reads from tenon as JSON is then held against the schema of the command."""
import document_schemas

document_schemas.watch_processes()
