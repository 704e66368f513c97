/* Tells the manager that started the process what it does: systemd's
 * protocol of NOTIFY_SOCKET (Type=notify). */
#pragma once

/* `state` as sd_notify(3) has it: "READY=1", "STOPPING=1". Does nothing without
 * a manager that asks for it; a message that is lost is no fault. */
void notify_manager(const char *state);
