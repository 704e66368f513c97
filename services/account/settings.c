/* The settings of the account service; `account settings` prints them. The pure
 * core reads no other values from outside. */
#include "account/account.h"

#include "chassis/base/clock.h"
#include "chassis/base/settings.h"

struct account_settings account_settings = {
    .pending_crowded = 200,
    .pending_max = 2000,
    .application_kept = DAYS(30),
    .application_kept_crowded = DAYS(3),
    .course_system = "present",
};

/* clang-format off */
const struct setting account_setting_rows[] = {
    {"PENDING_CROWDED", SETTING_INT, &account_settings.pending_crowded, "200",
     1, 100000, NULL, false,
     "Waiting applications at one unit, above which new ones lapse sooner."},
    {"PENDING_MAX", SETTING_INT, &account_settings.pending_max, "2000", 1,
     100000, NULL, false,
     "Applications that may wait at one unit; more are refused, except from "
     "signed-in applicants."},
    {"APPLICATION_KEPT", SETTING_DURATION, &account_settings.application_kept,
     "30d", SECONDS(1), DAYS(365), NULL, false,
     "How long an application waits before it lapses (B12)."},
    {"APPLICATION_KEPT_CROWDED", SETTING_DURATION,
     &account_settings.application_kept_crowded, "3d", SECONDS(1), DAYS(365),
     NULL, false,
     "The same at a unit with PENDING_CROWDED waiting applications (B11)."},
    {"COURSE_SYSTEM", SETTING_CHOICE, &account_settings.course_system,
     "present", 0, 0, "present|absent", false,
     "absent: deleting an account asks for no course states (B15)."},
    {0},
};
/* clang-format on */
