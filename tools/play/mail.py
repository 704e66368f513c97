"""Reads the folder where the gateway writes mails instead of sending them."""
import email
import email.policy
import re
from pathlib import Path

from play.system import wait_until


class Spool:
    """Each mail is taken once."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.read, self.mails = set(), []

    def clear(self):
        """Removes the mails of an earlier installation."""
        for path in self.folder.glob("*.eml"):
            path.unlink()

    def _look(self):
        for path in sorted(self.folder.glob("*.eml")):
            if path.name in self.read:
                continue
            self.read.add(path.name)
            self.mails.append(email.message_from_bytes(
                path.read_bytes(), policy=email.policy.default))

    def _find(self, address, pattern):
        self._look()
        for mail in self.mails:
            if address.lower() not in mail["To"].lower():
                continue
            found = re.search(pattern, mail.get_content(), re.MULTILINE)
            if found:
                self.mails.remove(mail)
                return mail, found.group(1)
        return None

    def take(self, address, pattern, deadline=15):
        """(mail, first group) of the first mail to the address that fits."""
        return wait_until(lambda: self._find(address, pattern), deadline,
                          f"a mail to {address}")

    def code(self, address):
        return self.take(address, r"^\s*(\d{6})\s*$")[1]

    def ticket(self, address):
        return self.take(address, r"/activate#(\S+)")[1]

    def has(self, address):
        self._look()
        return any(address.lower() in m["To"].lower() for m in self.mails)
