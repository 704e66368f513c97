/* field_faults.h: the faults of fields and their texts (zh-TW). One row for
 * each fault, with its code in forms and its code in imported files: the same
 * fault has the same text. Called by the gateway's forms and imports. */
#pragma once

/* The faults of forms. */
enum field_fault {
    FAULT_ADDRESS_NOT_ASCII,
    FAULT_CHARACTERS,
    FAULT_CODE,
    FAULT_CONFIRMATION_CODE,
    FAULT_COUNTY,
    FAULT_DAY,
    FAULT_EMAIL,
    FAULT_EMAIL_NOT_PROVEN,
    FAULT_EMAIL_OTHER,
    FAULT_ID,
    FAULT_KEY,
    FAULT_LISTED_TWICE,
    FAULT_LIST_TOO_LONG,
    FAULT_LOGIN,
    FAULT_MISSING,
    FAULT_NAME,
    FAULT_NOT_BOOLEAN,
    FAULT_NOT_INTEGER,
    FAULT_NOT_LIST,
    FAULT_NOT_TEXT,
    FAULT_PHONE,
    FAULT_RANGE,
    FAULT_TOO_LONG,
    FAULT_TOO_SHORT,
    FAULT_UNKNOWN_FIELD,
    FAULT_WEBSITE,
    FAULT_WORD,
    FIELD_FAULTS
};

/* The code of a fault in problem documents; its text, one sentence. */
const char *field_fault_code(enum field_fault fault);
const char *field_fault_text(enum field_fault fault);

/* The text of a fault's code in imported files or in an owner's refusal; NULL
 * if there is none. After a text without a full stop comes a value: the wrong
 * one, or the last good one. */
const char *cell_fault_text(const char *code);
