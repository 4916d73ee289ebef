-- The kept months in the form of household_months: two lists of 24 places a household

select
    household_id,
    [
        income_1, income_2, income_3, income_4, income_5, income_6, income_7, income_8,
        income_9, income_10, income_11, income_12, income_13, income_14, income_15, income_16,
        income_17, income_18, income_19, income_20, income_21, income_22, income_23, income_24
    ] as income,
    [
        oop_1, oop_2, oop_3, oop_4, oop_5, oop_6, oop_7, oop_8,
        oop_9, oop_10, oop_11, oop_12, oop_13, oop_14, oop_15, oop_16,
        oop_17, oop_18, oop_19, oop_20, oop_21, oop_22, oop_23, oop_24
    ] as oop
from household_months
