/* Begins a service's messages.def, the list of every message it hears and says.
 *
 *   DO(Message, name, lists…)            a command: do_<name>(), <name>_keys()
 *   ON(of, Of, Message, name, lists…)    another service's fact: on_<name>()
 *   VIEW(of, Of, Message, message, name) another service's state: view_<name>()
 *   EVENT(Message, name, key, help)      a fact it sends
 *   STATE(Message, name, key, help)      a state it publishes
 *
 * `key` names the record key. Lists: SAYS() facts, ORDERS() commands to itself,
 * REFUSES() codes, and ROUTES() numbers of the routes that send it, or SYSTEM.
 * A file that includes the list defines the rows it needs; the others are
 * empty. messages_end.h removes all of these macros.
 */
#ifndef DO
#define DO(...)
#endif
#ifndef ON
#define ON(...)
#endif
#ifndef VIEW
#define VIEW(...)
#endif
#ifndef EVENT
#define EVENT(...)
#endif
#ifndef STATE
#define STATE(...)
#endif
