//! The inputs by name, as equations read them: what each is stands in `data/inputs.csv`.

use units::{Problem, Problems, nearest};

use crate::{Registry, regions::REGIONS, state::MAX_SECTORS, tables::Sector};

/// Makes the struct of all inputs, where they stand in a draw, and the check that table and code name the same.
macro_rules! parameters {
    (scalar { $($scalar:ident,)* } by_region { $($by_region:ident,)* } by_sector { $($by_sector:ident,)* } held { $($held:literal,)* }) => {
        /// One future, by name.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(crate) struct Parameters {
            $(pub $scalar: f64,)*
            $(pub $by_region: [f64; REGIONS.len()],)*
            $(pub $by_sector: [f64; MAX_SECTORS],)*
        }

        /// Where each input stands in a draw.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(crate) struct Keys {
            $($scalar: usize,)*
            $($by_region: [usize; REGIONS.len()],)*
            $($by_sector: [usize; MAX_SECTORS],)*
            sectors: usize,
        }

        impl Keys {
            /// Finds every input in a registry, and refuses inputs that nothing reads.
            pub fn resolve(registry: &Registry, sectors: &[Sector], file: &str) -> Result<Self, Problems> {
                let mut problems = Problems::default();
                let mut known: Vec<String> = vec![$($held.to_string()),*];
                let mut find = |key: String| {
                    let index = registry.index(&key).unwrap_or_else(|problem| {
                        problems.push(problem.file(file));
                        usize::MAX
                    });
                    known.push(key);
                    index
                };
                let keys = Self {
                    $($scalar: find(stringify!($scalar).to_string()),)*
                    $($by_region: REGIONS.map(|region| find(format!("{}_{region}", stringify!($by_region)))),)*
                    $($by_sector: std::array::from_fn(|index| {
                        sectors.get(index).map_or(0, |sector| find(format!("{}_{}", stringify!($by_sector), sector.id)))
                    }),)*
                    sectors: sectors.len(),
                };
                for input in registry.inputs.iter().filter(|input| !known.contains(&input.key)) {
                    let near = nearest(&input.key, &known).into_iter().next();
                    let message = format!("no equation reads the input '{}'", input.key);
                    problems.push(Problem::new("unread_input", message).file(file).key(input.key.clone()).suggest(near));
                }
                problems.check(keys)
            }

            /// The inputs of a draw by name.
            pub fn read(&self, draw: &[f64]) -> Parameters {
                Parameters {
                    $($scalar: draw[self.$scalar],)*
                    $($by_region: self.$by_region.map(|index| draw[index]),)*
                    $($by_sector: std::array::from_fn(|index| {
                        if index < self.sectors { draw[self.$by_sector[index]] } else { 0.0 }
                    }),)*
                }
            }
        }
    };
}

parameters! {
    scalar {
        training_mfu,
        interconnect_exponent,
        uncached_input_per_output,
        chip_life_years,
        chip_life_shape,
        training_failure_per_year,
        deployment_lag_quarters,
        start_stock_quarters,
        us_share_outside_china,
        sales_error,
        leak_history_factor,
        chip_share_of_capex,
        server_life_years,
        overhead_fraction_per_year,
        pue,
        envelope_usd_per_year,
        capital_growth_half_life_years,
        revenue_feedback,
        capital_ceiling_of_gdp,
        rd_per_sales,
        capital_prior,
        chip_learning_rate,
        us_announced_realised,
        huawei_shortfall,
        after_2028,
        after_2028_bw,
        nvidia_capacity,
        nvidia_tdp,
        nvidia_price,
        huawei_flops,
        huawei_bw,
        slip,
        cancel,
        cut_operations_price_ratio,
        cut_bandwidth_price_ratio,
        compliance_lag_quarters,
        huawei_units_2025,
        smic_wafers_per_month,
        smic_yield,
        yield_learning_rate,
        huawei_wafer_share,
        die_bank_dies,
        hbm_stock_stacks,
        own_stacks_2026,
        own_stacks_growth_per_year,
        cambricon_units_2026,
        domestic_growth_per_year,
        foreign_supply_growth_per_year,
        hbm_growth_per_year,
        hbm_headroom,
        supply_lead_quarters,
        china_uncontrolled_share,
        purchase_temperature,
        buyer_guidance_china,
        flow_aca,
        flow_nac,
        flow_licence_approval,
        flow_licence_cap,
        flow_licence_cbc,
        flow_licence_cbc_15pct,
        flow_licence,
        flow_denial,
        flow_policy_of_denial,
        flow_undetermined,
        destination_weight_gulf,
        destination_weight_south_asia,
        leak_share,
        leak_premium,
        leak_premium_exponent,
        enforce_effect,
        enforcement_usd_per_doubling,
        locver_effect,
        location_check_acceptance,
        abroad_share_china,
        abroad_training_share,
        remote_access_closure,
        sub_learning_prior,
        blowback_rnd,
        algorithmic_progress_per_year,
        algorithmic_headroom_log10,
        progress_by_compute,
        capability_lag_months_china,
        capability_lag_months_rest,
        follower_edge_share,
        effort_exponent,
        size_elasticity,
        size_per_compute,
        serving_software_per_year,
        follower_lag_closed_months,
        open_spill_effect,
        capability_per_log10,
        final_run_share,
        inference_share_2025,
        inference_share_long,
        split_speed_per_year,
        markup_normal,
        markup_sensitivity,
        utilisation_normal,
        demand_elasticity,
        intensity_growth_per_year,
        trade_temperature,
        barrier_home_bias,
        barrier_china_service,
        observation_factor,
        observation_offset_firms,
        observation_offset_persons,
        observation_error_firms,
        observation_error_persons,
        observation_break_firms,
        observation_error_price,
        observation_offset_capital,
        observation_networking_share,
        adoption_ceiling,
        adoption_form,
        bass_innovation,
        price_gate,
        adopt_prior_price,
        price_elasticity_at,
        quality_gate_points,
        quality_gate_width,
        adopt_prior_pp,
        adopt_prior_pull,
        exposed_share,
        feasible_share,
        labour_cost_saving,
        labour_share,
        labour_price_ratio,
        quality_weight,
        price_weight,
        base_weight,
        nest_scale,
        switching_speed_per_year,
        open_price_ratio,
        open_lag_months,
        open_lag_mixed_months,
        open_lag_2024_months,
        open_share_2025,
        chinese_open_share_2025,
        foreign_share_in_china_2025,
        rest_share_2025,
        chinese_closed_share_2025,
        rest_open_share_2025,
        rest_share_in_us_ratio,
        china_open_share_2025,
        foreign_open_share_in_china_2025,
        trust_bar_rest,
        open_markup_effect,
        open_adoption_effect,
        open_science_effect,
        coop_spill,
        coop_growth,
        lag_programme_quarters,
        lag_capital_quarters,
        lag_open_quarters,
        lag_enforcement_quarters,
        lag_location_quarters,
        lag_remote_quarters,
        lag_blowback_quarters,
        lag_cooperation_quarters,
        lag_barrier_quarters,
    }
    by_region {
        electricity_usd_per_kwh,
        capital_growth_per_year,
        tokens_2025q4_per_s,
        adoption_users,
        adoption_speed_per_year,
        gdp_growth_per_year,
    }
    by_sector {
        sector_exposure,
        sector_feasible,
        sector_saving,
        sector_adoption,
        sector_speed,
        sector_price_gate,
        sector_quality_gate,
        sector_regulatory_lag_quarters,
    }
    held {
        "adopt_prior_share_spend",
        "cadence_quarters",
        "nvidia_flops",
    }
}

impl Keys {
    /// Where the share shipped under each licence outcome stands in a draw, in the order of [`rules::Outcome::ALL`];
    /// `None` = free, which nothing changes.
    pub fn flow(&self) -> [Option<usize>; 12] {
        [
            None,
            Some(self.flow_aca),
            Some(self.flow_nac),
            Some(self.flow_licence_approval),
            Some(self.flow_licence_cap),
            Some(self.flow_licence_cbc),
            Some(self.flow_licence_cbc_15pct),
            Some(self.flow_licence),
            Some(self.flow_denial),
            Some(self.flow_policy_of_denial),
            Some(self.flow_undetermined),
            Some(self.flow_undetermined),
        ]
    }
}
