"""Run the command line as `python -m hashclient`."""

from hashclient.cli import main

main()
