/* Ends a service's messages.def: its rows may be defined again. */
#undef DO
#undef ON
#undef VIEW
#undef EVENT
#undef STATE
