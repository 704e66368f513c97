"""Invented people: names, ID numbers with a right check digit, addresses.

The numbers are computed and not taken from real people. Tests and demos use
only these.
"""
import random

LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                   (10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35,
                    23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33)))
WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)
SURNAMES = ("陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊江呂何羅高蕭潘"
            "簡朱鍾彭游詹胡施沈余盧梁趙顏柯翁魏孫戴范方宋鄧杜傅侯曹薛丁卓")
GIVEN = ("怡君志明雅婷建宏淑芬俊傑美玲家豪佳蓉冠宇詩涵承恩欣怡柏翰雅雯宗翰"
         "思妤哲瑋郁婷彥廷筱涵政憲佩珊育誠惠如國華靜宜文彬曉雯")


def id_number(letter, digits):
    """`digits`: sex digit (1, 2 or 8, 9) and seven more; the check is added."""
    two = LETTERS[letter]
    numbers = [two // 10, two % 10, *(int(d) for d in digits)]
    total = sum(w * n for w, n in zip(WEIGHTS, numbers))
    return f"{letter}{digits}{-total % 10}"


class People:
    """Persons from a seed; no number is given twice."""

    def __init__(self, seed=1):
        self.random = random.Random(seed)
        self.given = set()

    def number(self, foreign=False):
        while True:
            sex = self.random.choice("89" if foreign else "12")
            digits = sex + f"{self.random.randrange(10 ** 7):07d}"
            letter = self.random.choice("ABCDEFGHJKMNPQTUVXWZIO")
            number = id_number(letter, digits)
            if number not in self.given:
                self.given.add(number)
                return number

    def name(self):
        pick = self.random.randrange(len(GIVEN) // 2) * 2
        return self.random.choice(SURNAMES) + GIVEN[pick:pick + 2]

    def phone(self):
        return f"03-{self.random.randrange(10 ** 6, 10 ** 7)}"
