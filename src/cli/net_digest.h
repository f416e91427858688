/* net_digest.h - by what a network is known: its parameters and state */
#ifndef RNL_CLI_NET_DIGEST_H
#define RNL_CLI_NET_DIGEST_H

#include "runnel.h"

/* A hash: splitmix64. */
uint64_t cli_mix(uint64_t x);
/* hash, and all numbers of the network mixed into it. */
uint64_t cli_net_digest(uint64_t hash, const rnl_net *net);

#endif
