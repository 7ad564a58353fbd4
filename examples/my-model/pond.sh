#!/bin/sh
# A model for `downstream explore --model`: a line of JSON in, a line of JSON out. Twenty years of a pond, month by month.
while read -r line; do
    printf '%s\n' "$line" | awk -F '[{},:"]+' '
    {
        for (i = 2; i < NF; i += 2) value[$i] = $(i + 1)
        area = 2000                                   # m2 of pond; it gathers rain from six times that
        room = area * value["depth_m"]
        seep = value["lining"] ? 0.02 : 0.10          # share lost a month
        seed = value["seed"] % 2147483646 + 1
        stored = room / 2; met = 0
        for (month = 0; month < 240; month++) {
            seed = (seed * 16807) % 2147483647        # the minimal standard generator of Park and Miller
            rain = 2 * seed / 2147483647 * value["rain_mm_per_month"] / 1000
            stored = stored * (1 - seep) + rain * 6 * area
            if (stored > room) stored = room
            if (stored >= value["demand_m3_per_month"]) { stored -= value["demand_m3_per_month"]; met++ } else stored = 0
        }
        # A deep pond in this ground caves in: no result is a result too.
        if (value["depth_m"] > 3.8 && !value["lining"]) {
            printf "{\"run\":%d,\"error\":\"the walls cave in\"}\n", value["run"]
            exit
        }
        printf "{\"run\":%d,\"cost_usd\":%.2f,\"met_fraction\":%.6f}\n", value["run"], \
            area * (4 + 3 * value["depth_m"] + 6 * value["lining"]), met / 240
    }'
done
