/* The gateway's own lines of `doctor`: its settings together, keys, mails. */
#include "gateway/gateway.h"

#include "gateway/keys.h"

/* Room for the mails of some hours without a mail server. */
static const int64_t spool_min = INT64_C(1) << 30;

static bool
is_set(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static void
mail_checkup(struct checkup *checkup)
{
    if (is_set(gateway_settings.mail_spool)) {
        checkup_note(checkup, "mail",
                     "written to %s, not sent: INSERVICE_MAIL_SPOOL is set",
                     gateway_settings.mail_spool);
        checkup_folder(checkup, gateway_settings.mail_spool, spool_min);
    } else if (is_set(gateway_settings.smtp_url))
        checkup_ok(checkup, "mail", "it goes to INSERVICE_SMTP_URL");
    else
        checkup_fault(checkup, "mail", "set INSERVICE_SMTP_URL",
                      "there is no mail server");
}

void
gateway_checkup(struct checkup *checkup, bool schema)
{
    char error[256];

    if (!gateway_settings_sound(error))
        checkup_fault(checkup, "settings", "correct it", "%s", error);
    keys_checkup(checkup, schema);
    mail_checkup(checkup);
}
