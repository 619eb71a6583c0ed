-- jingde__subjects: facts of subjects
SELECT
  "area__2019"."area" AS "subject",
  CAST("area__2019"."tax_per_mu" * 100 AS BIGINT) AS "area__tax_per_mu__2019",
  CAST("area__2019"."va_per_mu" * 100 AS BIGINT) AS "area__va_per_mu__2019",
  CAST("area__2019"."va_per_energy" * 100 AS BIGINT) AS "area__va_per_energy__2019",
  CAST("area__2019"."va_per_emission" * 100 AS BIGINT) AS "area__va_per_emission__2019",
  CAST("area__2019"."labour" * 100 AS BIGINT) AS "area__labour__2019",
  CAST("area__2019"."rd" * 100 AS BIGINT) AS "area__rd__2019"
FROM (
  SELECT
    *
  FROM "register_area"
  WHERE
    "period" = '2019'
) AS "area__2019";

-- jingde__scope: who is on the list, and in which group
SELECT
  *
FROM (
  SELECT
    *,
    TRUE AS "kg_takes",
    CAST(0 AS BIGINT) AS "kg_leaves",
    'areas' AS "kg_group"
  FROM "jingde__subjects"
) AS "decided"
WHERE
  COALESCE("kg_takes", TRUE);

-- jingde__areas__members: group areas
SELECT
  *,
  "area__tax_per_mu__2019" AS "x__tax_per_mu",
  "area__va_per_mu__2019" AS "x__va_per_mu",
  "area__va_per_energy__2019" AS "x__va_per_energy",
  "area__va_per_emission__2019" AS "x__va_per_emission",
  "area__labour__2019" AS "x__labour",
  "area__rd__2019" AS "x__rd"
FROM "jingde__scope"
WHERE
  (
    (
      (
        NOT "kg_takes" IS NULL
      ) AND (
        "kg_leaves" = 0
      )
    )
    AND (
      NOT "kg_group" IS NULL
    )
  )
  AND (
    "kg_group" = 'areas'
  );

-- jingde__areas__figures: figures over group
SELECT
  CAST(MIN("low__tax_per_mu__x") * 1 AS BIGINT) AS "low__tax_per_mu",
  CAST(MAX("high__tax_per_mu__x") * 1 AS BIGINT) AS "high__tax_per_mu",
  CAST(MIN("low__va_per_mu__x") * 1 AS BIGINT) AS "low__va_per_mu",
  CAST(MAX("high__va_per_mu__x") * 1 AS BIGINT) AS "high__va_per_mu",
  CAST(MIN("low__va_per_energy__x") * 1 AS BIGINT) AS "low__va_per_energy",
  CAST(MAX("high__va_per_energy__x") * 1 AS BIGINT) AS "high__va_per_energy",
  CAST(MIN("low__va_per_emission__x") * 1 AS BIGINT) AS "low__va_per_emission",
  CAST(MAX("high__va_per_emission__x") * 1 AS BIGINT) AS "high__va_per_emission",
  CAST(MIN("low__labour__x") * 1 AS BIGINT) AS "low__labour",
  CAST(MAX("high__labour__x") * 1 AS BIGINT) AS "high__labour",
  CAST(MIN("low__rd__x") * 1 AS BIGINT) AS "low__rd",
  CAST(MAX("high__rd__x") * 1 AS BIGINT) AS "high__rd"
FROM (
  SELECT
    "area__tax_per_mu__2019" AS "low__tax_per_mu__x",
    "area__tax_per_mu__2019" AS "high__tax_per_mu__x",
    "area__va_per_mu__2019" AS "low__va_per_mu__x",
    "area__va_per_mu__2019" AS "high__va_per_mu__x",
    "area__va_per_energy__2019" AS "low__va_per_energy__x",
    "area__va_per_energy__2019" AS "high__va_per_energy__x",
    "area__va_per_emission__2019" AS "low__va_per_emission__x",
    "area__va_per_emission__2019" AS "high__va_per_emission__x",
    "area__labour__2019" AS "low__labour__x",
    "area__labour__2019" AS "high__labour__x",
    "area__rd__2019" AS "low__rd__x",
    "area__rd__2019" AS "high__rd__x"
  FROM "jingde__areas__members"
) AS "inputs";

-- jingde__areas__raw: points before missing is settled
SELECT
  "members".*,
  CAST(30 AS BIGINT) * (
    (
      CAST(20 AS BIGINT) * CASE
        WHEN (
          "figures"."high__tax_per_mu" - "figures"."low__tax_per_mu"
        ) > 0
        THEN "figures"."high__tax_per_mu" - "figures"."low__tax_per_mu"
      END
    ) + (
      CAST(80 AS BIGINT) * (
        "area__tax_per_mu__2019" - "figures"."low__tax_per_mu"
      )
    )
  ) AS "points__tax_per_mu",
  CASE
    WHEN (
      "figures"."high__tax_per_mu" - "figures"."low__tax_per_mu"
    ) > 0
    THEN "figures"."high__tax_per_mu" - "figures"."low__tax_per_mu"
  END AS "bottom__tax_per_mu",
  CAST(20 AS BIGINT) * (
    (
      CAST(20 AS BIGINT) * CASE
        WHEN (
          "figures"."high__va_per_mu" - "figures"."low__va_per_mu"
        ) > 0
        THEN "figures"."high__va_per_mu" - "figures"."low__va_per_mu"
      END
    ) + (
      CAST(80 AS BIGINT) * (
        "area__va_per_mu__2019" - "figures"."low__va_per_mu"
      )
    )
  ) AS "points__va_per_mu",
  CASE
    WHEN (
      "figures"."high__va_per_mu" - "figures"."low__va_per_mu"
    ) > 0
    THEN "figures"."high__va_per_mu" - "figures"."low__va_per_mu"
  END AS "bottom__va_per_mu",
  CAST(20 AS BIGINT) * (
    (
      CAST(20 AS BIGINT) * CASE
        WHEN (
          "figures"."high__va_per_energy" - "figures"."low__va_per_energy"
        ) > 0
        THEN "figures"."high__va_per_energy" - "figures"."low__va_per_energy"
      END
    ) + (
      CAST(80 AS BIGINT) * (
        "area__va_per_energy__2019" - "figures"."low__va_per_energy"
      )
    )
  ) AS "points__va_per_energy",
  CASE
    WHEN (
      "figures"."high__va_per_energy" - "figures"."low__va_per_energy"
    ) > 0
    THEN "figures"."high__va_per_energy" - "figures"."low__va_per_energy"
  END AS "bottom__va_per_energy",
  CAST(10 AS BIGINT) * (
    (
      CAST(20 AS BIGINT) * CASE
        WHEN (
          "figures"."high__va_per_emission" - "figures"."low__va_per_emission"
        ) > 0
        THEN "figures"."high__va_per_emission" - "figures"."low__va_per_emission"
      END
    ) + (
      CAST(80 AS BIGINT) * (
        "area__va_per_emission__2019" - "figures"."low__va_per_emission"
      )
    )
  ) AS "points__va_per_emission",
  CASE
    WHEN (
      "figures"."high__va_per_emission" - "figures"."low__va_per_emission"
    ) > 0
    THEN "figures"."high__va_per_emission" - "figures"."low__va_per_emission"
  END AS "bottom__va_per_emission",
  CAST(10 AS BIGINT) * (
    (
      CAST(20 AS BIGINT) * CASE
        WHEN (
          "figures"."high__labour" - "figures"."low__labour"
        ) > 0
        THEN "figures"."high__labour" - "figures"."low__labour"
      END
    ) + (
      CAST(80 AS BIGINT) * (
        "area__labour__2019" - "figures"."low__labour"
      )
    )
  ) AS "points__labour",
  CASE
    WHEN (
      "figures"."high__labour" - "figures"."low__labour"
    ) > 0
    THEN "figures"."high__labour" - "figures"."low__labour"
  END AS "bottom__labour",
  CAST(10 AS BIGINT) * (
    (
      CAST(20 AS BIGINT) * CASE
        WHEN (
          "figures"."high__rd" - "figures"."low__rd"
        ) > 0
        THEN "figures"."high__rd" - "figures"."low__rd"
      END
    ) + (
      CAST(80 AS BIGINT) * (
        "area__rd__2019" - "figures"."low__rd"
      )
    )
  ) AS "points__rd",
  CASE
    WHEN (
      "figures"."high__rd" - "figures"."low__rd"
    ) > 0
    THEN "figures"."high__rd" - "figures"."low__rd"
  END AS "bottom__rd"
FROM "jingde__areas__members" AS "members"
CROSS JOIN "jingde__areas__figures" AS "figures";

-- jingde__areas__means: mean points over the known
SELECT
  SUM(CASE WHEN "x__va_per_emission" <> 0 THEN "points__va_per_emission" END) AS "sum__va_per_emission",
  COUNT(CASE WHEN "x__va_per_emission" <> 0 THEN "points__va_per_emission" END) AS "count__va_per_emission",
  MAX("bottom__va_per_emission") AS "base__va_per_emission"
FROM "jingde__areas__raw";

-- jingde__areas__scored: points, adjustments, score
SELECT
  *,
  "kg_exact" AS "kg_items",
  CAST(0 AS BIGINT) AS "kg_adjust",
  CAST("kg_exact" + 0 AS BIGINT) AS "kg_score",
  CAST(CASE
    WHEN "item__tax_per_mu" IS NULL
    THEN CAST(1 AS BIGINT)
    WHEN "item__va_per_mu" IS NULL
    THEN CAST(2 AS BIGINT)
    WHEN "item__va_per_energy" IS NULL
    THEN CAST(3 AS BIGINT)
    WHEN "item__va_per_emission" IS NULL
    THEN CAST(4 AS BIGINT)
    WHEN "item__labour" IS NULL
    THEN CAST(5 AS BIGINT)
    WHEN "item__rd" IS NULL
    THEN CAST(6 AS BIGINT)
    ELSE CAST(NULL AS BIGINT)
  END AS INT) AS "kg_gap"
FROM (
  SELECT
    "raw".*,
    CAST((
      (
        (
          CASE
            WHEN "x__tax_per_mu" IS NULL
            THEN CAST(NULL AS BIGINT) * 100
            WHEN "x__tax_per_mu" = 0
            THEN CAST(NULL AS BIGINT) * 100
            ELSE "points__tax_per_mu"
          END * 10000
        ) * 2
      ) + CASE
        WHEN (
          CASE
            WHEN "x__tax_per_mu" IS NULL
            THEN CAST(NULL AS BIGINT) * 100
            WHEN "x__tax_per_mu" = 0
            THEN CAST(NULL AS BIGINT) * 100
            ELSE "points__tax_per_mu"
          END * 10000
        ) < 0
        THEN CAST(0 AS BIGINT) - CASE
          WHEN "x__tax_per_mu" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__tax_per_mu" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__tax_per_mu"
        END
        ELSE CASE
          WHEN "x__tax_per_mu" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__tax_per_mu" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__tax_per_mu"
        END
      END
    ) // (
      CASE
        WHEN "x__tax_per_mu" IS NULL
        THEN CAST(1 AS BIGINT)
        WHEN "x__tax_per_mu" = 0
        THEN CAST(1 AS BIGINT)
        ELSE "bottom__tax_per_mu"
      END * 2
    ) AS BIGINT) AS "item__tax_per_mu",
    CAST((
      (
        (
          CASE
            WHEN "x__va_per_mu" IS NULL
            THEN CAST(NULL AS BIGINT) * 100
            WHEN "x__va_per_mu" = 0
            THEN CAST(NULL AS BIGINT) * 100
            ELSE "points__va_per_mu"
          END * 10000
        ) * 2
      ) + CASE
        WHEN (
          CASE
            WHEN "x__va_per_mu" IS NULL
            THEN CAST(NULL AS BIGINT) * 100
            WHEN "x__va_per_mu" = 0
            THEN CAST(NULL AS BIGINT) * 100
            ELSE "points__va_per_mu"
          END * 10000
        ) < 0
        THEN CAST(0 AS BIGINT) - CASE
          WHEN "x__va_per_mu" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__va_per_mu" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__va_per_mu"
        END
        ELSE CASE
          WHEN "x__va_per_mu" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__va_per_mu" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__va_per_mu"
        END
      END
    ) // (
      CASE
        WHEN "x__va_per_mu" IS NULL
        THEN CAST(1 AS BIGINT)
        WHEN "x__va_per_mu" = 0
        THEN CAST(1 AS BIGINT)
        ELSE "bottom__va_per_mu"
      END * 2
    ) AS BIGINT) AS "item__va_per_mu",
    CAST((
      (
        (
          CASE
            WHEN "x__va_per_energy" IS NULL
            THEN CAST(NULL AS BIGINT) * 100
            WHEN "x__va_per_energy" = 0
            THEN CAST(NULL AS BIGINT) * 100
            ELSE "points__va_per_energy"
          END * 10000
        ) * 2
      ) + CASE
        WHEN (
          CASE
            WHEN "x__va_per_energy" IS NULL
            THEN CAST(NULL AS BIGINT) * 100
            WHEN "x__va_per_energy" = 0
            THEN CAST(NULL AS BIGINT) * 100
            ELSE "points__va_per_energy"
          END * 10000
        ) < 0
        THEN CAST(0 AS BIGINT) - CASE
          WHEN "x__va_per_energy" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__va_per_energy" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__va_per_energy"
        END
        ELSE CASE
          WHEN "x__va_per_energy" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__va_per_energy" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__va_per_energy"
        END
      END
    ) // (
      CASE
        WHEN "x__va_per_energy" IS NULL
        THEN CAST(1 AS BIGINT)
        WHEN "x__va_per_energy" = 0
        THEN CAST(1 AS BIGINT)
        ELSE "bottom__va_per_energy"
      END * 2
    ) AS BIGINT) AS "item__va_per_energy",
    CAST((
      (
        (
          CASE
            WHEN "x__va_per_emission" IS NULL
            THEN "means"."sum__va_per_emission"
            WHEN "x__va_per_emission" = 0
            THEN "means"."sum__va_per_emission"
            ELSE "points__va_per_emission"
          END * 10000
        ) * 2
      ) + CASE
        WHEN (
          CASE
            WHEN "x__va_per_emission" IS NULL
            THEN "means"."sum__va_per_emission"
            WHEN "x__va_per_emission" = 0
            THEN "means"."sum__va_per_emission"
            ELSE "points__va_per_emission"
          END * 10000
        ) < 0
        THEN CAST(0 AS BIGINT) - CASE
          WHEN "x__va_per_emission" IS NULL
          THEN "means"."base__va_per_emission" * CASE
            WHEN "means"."count__va_per_emission" > 0
            THEN "means"."count__va_per_emission"
          END
          WHEN "x__va_per_emission" = 0
          THEN "means"."base__va_per_emission" * CASE
            WHEN "means"."count__va_per_emission" > 0
            THEN "means"."count__va_per_emission"
          END
          ELSE "bottom__va_per_emission"
        END
        ELSE CASE
          WHEN "x__va_per_emission" IS NULL
          THEN "means"."base__va_per_emission" * CASE
            WHEN "means"."count__va_per_emission" > 0
            THEN "means"."count__va_per_emission"
          END
          WHEN "x__va_per_emission" = 0
          THEN "means"."base__va_per_emission" * CASE
            WHEN "means"."count__va_per_emission" > 0
            THEN "means"."count__va_per_emission"
          END
          ELSE "bottom__va_per_emission"
        END
      END
    ) // (
      CASE
        WHEN "x__va_per_emission" IS NULL
        THEN "means"."base__va_per_emission" * CASE
          WHEN "means"."count__va_per_emission" > 0
          THEN "means"."count__va_per_emission"
        END
        WHEN "x__va_per_emission" = 0
        THEN "means"."base__va_per_emission" * CASE
          WHEN "means"."count__va_per_emission" > 0
          THEN "means"."count__va_per_emission"
        END
        ELSE "bottom__va_per_emission"
      END * 2
    ) AS BIGINT) AS "item__va_per_emission",
    CAST((
      (
        (
          CASE
            WHEN "x__labour" IS NULL
            THEN CAST(NULL AS BIGINT) * 100
            WHEN "x__labour" = 0
            THEN CAST(NULL AS BIGINT) * 100
            ELSE "points__labour"
          END * 10000
        ) * 2
      ) + CASE
        WHEN (
          CASE
            WHEN "x__labour" IS NULL
            THEN CAST(NULL AS BIGINT) * 100
            WHEN "x__labour" = 0
            THEN CAST(NULL AS BIGINT) * 100
            ELSE "points__labour"
          END * 10000
        ) < 0
        THEN CAST(0 AS BIGINT) - CASE
          WHEN "x__labour" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__labour" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__labour"
        END
        ELSE CASE
          WHEN "x__labour" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__labour" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__labour"
        END
      END
    ) // (
      CASE
        WHEN "x__labour" IS NULL
        THEN CAST(1 AS BIGINT)
        WHEN "x__labour" = 0
        THEN CAST(1 AS BIGINT)
        ELSE "bottom__labour"
      END * 2
    ) AS BIGINT) AS "item__labour",
    CAST((
      (
        (
          CASE
            WHEN "x__rd" IS NULL
            THEN CAST(NULL AS BIGINT) * 100
            WHEN "x__rd" = 0
            THEN CAST(NULL AS BIGINT) * 100
            ELSE "points__rd"
          END * 10000
        ) * 2
      ) + CASE
        WHEN (
          CASE
            WHEN "x__rd" IS NULL
            THEN CAST(NULL AS BIGINT) * 100
            WHEN "x__rd" = 0
            THEN CAST(NULL AS BIGINT) * 100
            ELSE "points__rd"
          END * 10000
        ) < 0
        THEN CAST(0 AS BIGINT) - CASE
          WHEN "x__rd" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__rd" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__rd"
        END
        ELSE CASE
          WHEN "x__rd" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__rd" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__rd"
        END
      END
    ) // (
      CASE
        WHEN "x__rd" IS NULL
        THEN CAST(1 AS BIGINT)
        WHEN "x__rd" = 0
        THEN CAST(1 AS BIGINT)
        ELSE "bottom__rd"
      END * 2
    ) AS BIGINT) AS "item__rd",
    CAST((
      CAST(CAST(CAST(CAST(CAST(CAST(CAST(CAST(CAST((
        (
          (
            CASE
              WHEN "x__tax_per_mu" IS NULL
              THEN CAST(NULL AS BIGINT) * 100
              WHEN "x__tax_per_mu" = 0
              THEN CAST(NULL AS BIGINT) * 100
              ELSE "points__tax_per_mu"
            END * CASE
              WHEN "x__va_per_mu" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__va_per_mu" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__va_per_mu"
            END
          ) + (
            CASE
              WHEN "x__va_per_mu" IS NULL
              THEN CAST(NULL AS BIGINT) * 100
              WHEN "x__va_per_mu" = 0
              THEN CAST(NULL AS BIGINT) * 100
              ELSE "points__va_per_mu"
            END * CASE
              WHEN "x__tax_per_mu" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__tax_per_mu" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__tax_per_mu"
            END
          )
        ) * CASE
          WHEN "x__va_per_energy" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__va_per_energy" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__va_per_energy"
        END
      ) + (
        CASE
          WHEN "x__va_per_energy" IS NULL
          THEN CAST(NULL AS BIGINT) * 100
          WHEN "x__va_per_energy" = 0
          THEN CAST(NULL AS BIGINT) * 100
          ELSE "points__va_per_energy"
        END * (
          CASE
            WHEN "x__tax_per_mu" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__tax_per_mu" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__tax_per_mu"
          END * CASE
            WHEN "x__va_per_mu" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__va_per_mu" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__va_per_mu"
          END
        )
      ) AS INT128) * CASE
        WHEN "x__va_per_emission" IS NULL
        THEN "means"."base__va_per_emission" * CASE
          WHEN "means"."count__va_per_emission" > 0
          THEN "means"."count__va_per_emission"
        END
        WHEN "x__va_per_emission" = 0
        THEN "means"."base__va_per_emission" * CASE
          WHEN "means"."count__va_per_emission" > 0
          THEN "means"."count__va_per_emission"
        END
        ELSE "bottom__va_per_emission"
      END AS INT128) + (
        CAST(CASE
          WHEN "x__va_per_emission" IS NULL
          THEN "means"."sum__va_per_emission"
          WHEN "x__va_per_emission" = 0
          THEN "means"."sum__va_per_emission"
          ELSE "points__va_per_emission"
        END AS INT128) * (
          (
            CASE
              WHEN "x__tax_per_mu" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__tax_per_mu" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__tax_per_mu"
            END * CASE
              WHEN "x__va_per_mu" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__va_per_mu" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__va_per_mu"
            END
          ) * CASE
            WHEN "x__va_per_energy" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__va_per_energy" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__va_per_energy"
          END
        )
      ) AS INT128) * CASE
        WHEN "x__labour" IS NULL
        THEN CAST(1 AS BIGINT)
        WHEN "x__labour" = 0
        THEN CAST(1 AS BIGINT)
        ELSE "bottom__labour"
      END AS INT128) + (
        CAST(CASE
          WHEN "x__labour" IS NULL
          THEN CAST(NULL AS BIGINT) * 100
          WHEN "x__labour" = 0
          THEN CAST(NULL AS BIGINT) * 100
          ELSE "points__labour"
        END AS INT128) * (
          CAST((
            CASE
              WHEN "x__tax_per_mu" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__tax_per_mu" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__tax_per_mu"
            END * CASE
              WHEN "x__va_per_mu" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__va_per_mu" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__va_per_mu"
            END
          ) * CASE
            WHEN "x__va_per_energy" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__va_per_energy" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__va_per_energy"
          END AS INT128) * CASE
            WHEN "x__va_per_emission" IS NULL
            THEN "means"."base__va_per_emission" * CASE
              WHEN "means"."count__va_per_emission" > 0
              THEN "means"."count__va_per_emission"
            END
            WHEN "x__va_per_emission" = 0
            THEN "means"."base__va_per_emission" * CASE
              WHEN "means"."count__va_per_emission" > 0
              THEN "means"."count__va_per_emission"
            END
            ELSE "bottom__va_per_emission"
          END
        )
      ) AS INT128) * CASE
        WHEN "x__rd" IS NULL
        THEN CAST(1 AS BIGINT)
        WHEN "x__rd" = 0
        THEN CAST(1 AS BIGINT)
        ELSE "bottom__rd"
      END AS INT128) + (
        CAST(CASE
          WHEN "x__rd" IS NULL
          THEN CAST(NULL AS BIGINT) * 100
          WHEN "x__rd" = 0
          THEN CAST(NULL AS BIGINT) * 100
          ELSE "points__rd"
        END AS INT128) * (
          CAST(CAST((
            CASE
              WHEN "x__tax_per_mu" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__tax_per_mu" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__tax_per_mu"
            END * CASE
              WHEN "x__va_per_mu" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__va_per_mu" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__va_per_mu"
            END
          ) * CASE
            WHEN "x__va_per_energy" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__va_per_energy" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__va_per_energy"
          END AS INT128) * CASE
            WHEN "x__va_per_emission" IS NULL
            THEN "means"."base__va_per_emission" * CASE
              WHEN "means"."count__va_per_emission" > 0
              THEN "means"."count__va_per_emission"
            END
            WHEN "x__va_per_emission" = 0
            THEN "means"."base__va_per_emission" * CASE
              WHEN "means"."count__va_per_emission" > 0
              THEN "means"."count__va_per_emission"
            END
            ELSE "bottom__va_per_emission"
          END AS INT128) * CASE
            WHEN "x__labour" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__labour" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__labour"
          END
        )
      ) AS INT128) * 10000 AS INT128) * 2 AS INT128) + CASE
        WHEN (
          CAST(CAST(CAST(CAST(CAST(CAST(CAST((
            (
              (
                CASE
                  WHEN "x__tax_per_mu" IS NULL
                  THEN CAST(NULL AS BIGINT) * 100
                  WHEN "x__tax_per_mu" = 0
                  THEN CAST(NULL AS BIGINT) * 100
                  ELSE "points__tax_per_mu"
                END * CASE
                  WHEN "x__va_per_mu" IS NULL
                  THEN CAST(1 AS BIGINT)
                  WHEN "x__va_per_mu" = 0
                  THEN CAST(1 AS BIGINT)
                  ELSE "bottom__va_per_mu"
                END
              ) + (
                CASE
                  WHEN "x__va_per_mu" IS NULL
                  THEN CAST(NULL AS BIGINT) * 100
                  WHEN "x__va_per_mu" = 0
                  THEN CAST(NULL AS BIGINT) * 100
                  ELSE "points__va_per_mu"
                END * CASE
                  WHEN "x__tax_per_mu" IS NULL
                  THEN CAST(1 AS BIGINT)
                  WHEN "x__tax_per_mu" = 0
                  THEN CAST(1 AS BIGINT)
                  ELSE "bottom__tax_per_mu"
                END
              )
            ) * CASE
              WHEN "x__va_per_energy" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__va_per_energy" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__va_per_energy"
            END
          ) + (
            CASE
              WHEN "x__va_per_energy" IS NULL
              THEN CAST(NULL AS BIGINT) * 100
              WHEN "x__va_per_energy" = 0
              THEN CAST(NULL AS BIGINT) * 100
              ELSE "points__va_per_energy"
            END * (
              CASE
                WHEN "x__tax_per_mu" IS NULL
                THEN CAST(1 AS BIGINT)
                WHEN "x__tax_per_mu" = 0
                THEN CAST(1 AS BIGINT)
                ELSE "bottom__tax_per_mu"
              END * CASE
                WHEN "x__va_per_mu" IS NULL
                THEN CAST(1 AS BIGINT)
                WHEN "x__va_per_mu" = 0
                THEN CAST(1 AS BIGINT)
                ELSE "bottom__va_per_mu"
              END
            )
          ) AS INT128) * CASE
            WHEN "x__va_per_emission" IS NULL
            THEN "means"."base__va_per_emission" * CASE
              WHEN "means"."count__va_per_emission" > 0
              THEN "means"."count__va_per_emission"
            END
            WHEN "x__va_per_emission" = 0
            THEN "means"."base__va_per_emission" * CASE
              WHEN "means"."count__va_per_emission" > 0
              THEN "means"."count__va_per_emission"
            END
            ELSE "bottom__va_per_emission"
          END AS INT128) + (
            CAST(CASE
              WHEN "x__va_per_emission" IS NULL
              THEN "means"."sum__va_per_emission"
              WHEN "x__va_per_emission" = 0
              THEN "means"."sum__va_per_emission"
              ELSE "points__va_per_emission"
            END AS INT128) * (
              (
                CASE
                  WHEN "x__tax_per_mu" IS NULL
                  THEN CAST(1 AS BIGINT)
                  WHEN "x__tax_per_mu" = 0
                  THEN CAST(1 AS BIGINT)
                  ELSE "bottom__tax_per_mu"
                END * CASE
                  WHEN "x__va_per_mu" IS NULL
                  THEN CAST(1 AS BIGINT)
                  WHEN "x__va_per_mu" = 0
                  THEN CAST(1 AS BIGINT)
                  ELSE "bottom__va_per_mu"
                END
              ) * CASE
                WHEN "x__va_per_energy" IS NULL
                THEN CAST(1 AS BIGINT)
                WHEN "x__va_per_energy" = 0
                THEN CAST(1 AS BIGINT)
                ELSE "bottom__va_per_energy"
              END
            )
          ) AS INT128) * CASE
            WHEN "x__labour" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__labour" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__labour"
          END AS INT128) + (
            CAST(CASE
              WHEN "x__labour" IS NULL
              THEN CAST(NULL AS BIGINT) * 100
              WHEN "x__labour" = 0
              THEN CAST(NULL AS BIGINT) * 100
              ELSE "points__labour"
            END AS INT128) * (
              CAST((
                CASE
                  WHEN "x__tax_per_mu" IS NULL
                  THEN CAST(1 AS BIGINT)
                  WHEN "x__tax_per_mu" = 0
                  THEN CAST(1 AS BIGINT)
                  ELSE "bottom__tax_per_mu"
                END * CASE
                  WHEN "x__va_per_mu" IS NULL
                  THEN CAST(1 AS BIGINT)
                  WHEN "x__va_per_mu" = 0
                  THEN CAST(1 AS BIGINT)
                  ELSE "bottom__va_per_mu"
                END
              ) * CASE
                WHEN "x__va_per_energy" IS NULL
                THEN CAST(1 AS BIGINT)
                WHEN "x__va_per_energy" = 0
                THEN CAST(1 AS BIGINT)
                ELSE "bottom__va_per_energy"
              END AS INT128) * CASE
                WHEN "x__va_per_emission" IS NULL
                THEN "means"."base__va_per_emission" * CASE
                  WHEN "means"."count__va_per_emission" > 0
                  THEN "means"."count__va_per_emission"
                END
                WHEN "x__va_per_emission" = 0
                THEN "means"."base__va_per_emission" * CASE
                  WHEN "means"."count__va_per_emission" > 0
                  THEN "means"."count__va_per_emission"
                END
                ELSE "bottom__va_per_emission"
              END
            )
          ) AS INT128) * CASE
            WHEN "x__rd" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__rd" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__rd"
          END AS INT128) + (
            CAST(CASE
              WHEN "x__rd" IS NULL
              THEN CAST(NULL AS BIGINT) * 100
              WHEN "x__rd" = 0
              THEN CAST(NULL AS BIGINT) * 100
              ELSE "points__rd"
            END AS INT128) * (
              CAST(CAST((
                CASE
                  WHEN "x__tax_per_mu" IS NULL
                  THEN CAST(1 AS BIGINT)
                  WHEN "x__tax_per_mu" = 0
                  THEN CAST(1 AS BIGINT)
                  ELSE "bottom__tax_per_mu"
                END * CASE
                  WHEN "x__va_per_mu" IS NULL
                  THEN CAST(1 AS BIGINT)
                  WHEN "x__va_per_mu" = 0
                  THEN CAST(1 AS BIGINT)
                  ELSE "bottom__va_per_mu"
                END
              ) * CASE
                WHEN "x__va_per_energy" IS NULL
                THEN CAST(1 AS BIGINT)
                WHEN "x__va_per_energy" = 0
                THEN CAST(1 AS BIGINT)
                ELSE "bottom__va_per_energy"
              END AS INT128) * CASE
                WHEN "x__va_per_emission" IS NULL
                THEN "means"."base__va_per_emission" * CASE
                  WHEN "means"."count__va_per_emission" > 0
                  THEN "means"."count__va_per_emission"
                END
                WHEN "x__va_per_emission" = 0
                THEN "means"."base__va_per_emission" * CASE
                  WHEN "means"."count__va_per_emission" > 0
                  THEN "means"."count__va_per_emission"
                END
                ELSE "bottom__va_per_emission"
              END AS INT128) * CASE
                WHEN "x__labour" IS NULL
                THEN CAST(1 AS BIGINT)
                WHEN "x__labour" = 0
                THEN CAST(1 AS BIGINT)
                ELSE "bottom__labour"
              END
            )
          ) AS INT128) * 10000
        ) < 0
        THEN CAST(0 AS BIGINT) - (
          CAST(CAST(CAST((
            CASE
              WHEN "x__tax_per_mu" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__tax_per_mu" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__tax_per_mu"
            END * CASE
              WHEN "x__va_per_mu" IS NULL
              THEN CAST(1 AS BIGINT)
              WHEN "x__va_per_mu" = 0
              THEN CAST(1 AS BIGINT)
              ELSE "bottom__va_per_mu"
            END
          ) * CASE
            WHEN "x__va_per_energy" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__va_per_energy" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__va_per_energy"
          END AS INT128) * CASE
            WHEN "x__va_per_emission" IS NULL
            THEN "means"."base__va_per_emission" * CASE
              WHEN "means"."count__va_per_emission" > 0
              THEN "means"."count__va_per_emission"
            END
            WHEN "x__va_per_emission" = 0
            THEN "means"."base__va_per_emission" * CASE
              WHEN "means"."count__va_per_emission" > 0
              THEN "means"."count__va_per_emission"
            END
            ELSE "bottom__va_per_emission"
          END AS INT128) * CASE
            WHEN "x__labour" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__labour" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__labour"
          END AS INT128) * CASE
            WHEN "x__rd" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__rd" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__rd"
          END
        )
        ELSE CAST(CAST(CAST((
          CASE
            WHEN "x__tax_per_mu" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__tax_per_mu" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__tax_per_mu"
          END * CASE
            WHEN "x__va_per_mu" IS NULL
            THEN CAST(1 AS BIGINT)
            WHEN "x__va_per_mu" = 0
            THEN CAST(1 AS BIGINT)
            ELSE "bottom__va_per_mu"
          END
        ) * CASE
          WHEN "x__va_per_energy" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__va_per_energy" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__va_per_energy"
        END AS INT128) * CASE
          WHEN "x__va_per_emission" IS NULL
          THEN "means"."base__va_per_emission" * CASE
            WHEN "means"."count__va_per_emission" > 0
            THEN "means"."count__va_per_emission"
          END
          WHEN "x__va_per_emission" = 0
          THEN "means"."base__va_per_emission" * CASE
            WHEN "means"."count__va_per_emission" > 0
            THEN "means"."count__va_per_emission"
          END
          ELSE "bottom__va_per_emission"
        END AS INT128) * CASE
          WHEN "x__labour" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__labour" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__labour"
        END AS INT128) * CASE
          WHEN "x__rd" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__rd" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__rd"
        END
      END
    ) // (
      CAST(CAST(CAST(CAST((
        CASE
          WHEN "x__tax_per_mu" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__tax_per_mu" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__tax_per_mu"
        END * CASE
          WHEN "x__va_per_mu" IS NULL
          THEN CAST(1 AS BIGINT)
          WHEN "x__va_per_mu" = 0
          THEN CAST(1 AS BIGINT)
          ELSE "bottom__va_per_mu"
        END
      ) * CASE
        WHEN "x__va_per_energy" IS NULL
        THEN CAST(1 AS BIGINT)
        WHEN "x__va_per_energy" = 0
        THEN CAST(1 AS BIGINT)
        ELSE "bottom__va_per_energy"
      END AS INT128) * CASE
        WHEN "x__va_per_emission" IS NULL
        THEN "means"."base__va_per_emission" * CASE
          WHEN "means"."count__va_per_emission" > 0
          THEN "means"."count__va_per_emission"
        END
        WHEN "x__va_per_emission" = 0
        THEN "means"."base__va_per_emission" * CASE
          WHEN "means"."count__va_per_emission" > 0
          THEN "means"."count__va_per_emission"
        END
        ELSE "bottom__va_per_emission"
      END AS INT128) * CASE
        WHEN "x__labour" IS NULL
        THEN CAST(1 AS BIGINT)
        WHEN "x__labour" = 0
        THEN CAST(1 AS BIGINT)
        ELSE "bottom__labour"
      END AS INT128) * CASE
        WHEN "x__rd" IS NULL
        THEN CAST(1 AS BIGINT)
        WHEN "x__rd" = 0
        THEN CAST(1 AS BIGINT)
        ELSE "bottom__rd"
      END AS INT128) * 2
    ) AS BIGINT) AS "kg_exact"
  FROM "jingde__areas__raw" AS "raw"
  CROSS JOIN "jingde__areas__means" AS "means"
) AS "points";

-- jingde__listed: points and scores of everybody listed
SELECT
  "subject",
  'areas' AS "kg_pool",
  "kg_score" AS "kg_score",
  NOT "kg_score" IS NULL AS "kg_is_rated",
  "kg_gap" AS "kg_gap",
  "item__tax_per_mu" AS "item__tax_per_mu",
  "item__va_per_mu" AS "item__va_per_mu",
  "item__va_per_energy" AS "item__va_per_energy",
  "item__va_per_emission" AS "item__va_per_emission",
  "item__labour" AS "item__labour",
  "item__rd" AS "item__rd",
  "x__tax_per_mu" AS "x__tax_per_mu",
  "x__va_per_mu" AS "x__va_per_mu",
  "x__va_per_energy" AS "x__va_per_energy",
  "x__va_per_emission" AS "x__va_per_emission",
  "x__labour" AS "x__labour",
  "x__rd" AS "x__rd"
FROM "jingde__areas__scored";

-- jingde__bases: size of each list
SELECT
  *,
  DENSE_RANK() OVER (ORDER BY "kg_pool") AS "kg_list",
  CAST((
    SUM("kg_rated_here") OVER (ORDER BY "kg_pool")
  ) - "kg_rated" AS BIGINT) AS "kg_before"
FROM (
  SELECT
    *,
    "kg_rated" AS "kg_base"
  FROM (
    SELECT
      *,
      CAST(SUM("kg_taking_here") OVER (PARTITION BY "kg_pool") AS BIGINT) AS "kg_taking_part",
      CAST(SUM("kg_rated_here") OVER (PARTITION BY "kg_pool") AS BIGINT) AS "kg_rated"
    FROM (
      SELECT
        "kg_pool",
        COUNT(*) AS "kg_taking_here",
        COUNT(CASE WHEN "kg_is_rated" THEN CAST(1 AS BIGINT) END) AS "kg_rated_here"
      FROM (
        SELECT
          *,
          CAST(0 AS BIGINT) AS "kg_leaves"
        FROM "jingde__listed"
      ) AS "listed"
      WHERE
        TRUE
      GROUP BY
        "kg_pool"
    ) AS "counted"
  ) AS "whole"
) AS "based";

-- jingde__ranked: places
SELECT
  "kg_row",
  "kg_place"
FROM (
  SELECT
    *,
    CAST((
      RANK() OVER (ORDER BY "kg_list", "kg_score" DESC) - "kg_before"
    ) AS BIGINT) AS "kg_place"
  FROM (
    SELECT
      "listed"."rowid" AS "kg_row",
      "listed"."kg_score",
      "bases"."kg_list",
      "bases"."kg_before"
    FROM "jingde__listed" AS "listed"
    LEFT JOIN "jingde__bases" AS "bases"
      ON "listed"."kg_pool" = "bases"."kg_pool"
    WHERE
      "listed"."kg_is_rated"
  ) AS "listed"
) AS "placed";

-- jingde__classed: classes and moves
SELECT
  *,
  CAST("kg_class_rank" AS INT) AS "kg_class_after",
  CAST(NULL AS TEXT) AS "kg_changed_by"
FROM (
  SELECT
    *,
    CAST(CASE WHEN "kg_is_rated" THEN CAST(NULL AS BIGINT) END AS INT) AS "kg_class_rank"
  FROM (
    SELECT
      "listed".*,
      TRUE AS "kg_takes",
      CAST(0 AS BIGINT) AS "kg_leaves",
      'areas' AS "kg_group",
      "kg_score" AS "kg_items",
      CAST(0 AS BIGINT) AS "kg_adjust",
      "ranked"."kg_place",
      "bases"."kg_taking_part",
      "bases"."kg_rated",
      "bases"."kg_base"
    FROM "jingde__listed" AS "listed"
    LEFT JOIN "jingde__ranked" AS "ranked"
      ON "listed"."rowid" = "ranked"."kg_row"
    LEFT JOIN "jingde__bases" AS "bases"
      ON "listed"."kg_pool" = "bases"."kg_pool"
  ) AS "joined"
) AS "ranked";

-- jingde__placed: vacated places settled
SELECT
  *,
  "kg_class_after" AS "kg_class_placed",
  "kg_changed_by" AS "kg_moved_by"
FROM "jingde__classed";

-- jingde__counted: size of each class
SELECT
  "kg_group",
  "kg_pool",
  "kg_class_rank",
  "kg_class_placed",
  "kg_is_rated",
  COUNT(*) AS "kg_count"
FROM "jingde__placed"
GROUP BY
  "kg_group",
  "kg_pool",
  "kg_class_rank",
  "kg_class_placed",
  "kg_is_rated";

-- output scheme_result
SELECT
  CAST("document" AS TEXT) AS "document",
  CAST("version" AS TEXT) AS "version",
  CAST("period" AS TEXT) AS "period",
  CAST("subject" AS TEXT) AS "subject",
  CAST("merged_into" AS TEXT) AS "merged_into",
  CAST("group" AS TEXT) AS "group",
  CAST("pool" AS TEXT) AS "pool",
  CAST("state" AS TEXT) AS "state",
  CAST("reason" AS TEXT) AS "reason",
  CAST(CAST("score_items" AS DECIMAL(18, 0)) * CAST('0.000001' AS DECIMAL(6, 6)) AS DECIMAL(18, 6)) AS "score_items",
  CAST(CAST("score_adjust" AS DECIMAL(18, 0)) * CAST('0.000001' AS DECIMAL(6, 6)) AS DECIMAL(18, 6)) AS "score_adjust",
  CAST(CAST("score" AS DECIMAL(18, 0)) * CAST('0.000001' AS DECIMAL(6, 6)) AS DECIMAL(18, 6)) AS "score",
  CAST("rank" AS INT) AS "rank",
  CAST("rank_change" AS INT) AS "rank_change",
  CAST("pool_size" AS INT) AS "pool_size",
  CAST("quota_base" AS INT) AS "quota_base",
  CAST("class_ranked" AS TEXT) AS "class_ranked",
  CAST("class" AS TEXT) AS "class",
  CAST("treated_as" AS TEXT) AS "treated_as",
  CAST("moved_by" AS TEXT) AS "moved_by",
  CAST("trial" AS BOOLEAN) AS "trial"
FROM (
  SELECT
    'jingde' AS "document",
    'v' AS "version",
    '2019' AS "period",
    "subject" AS "subject",
    CAST(NULL AS TEXT) AS "merged_into",
    "kg_group" AS "group",
    "kg_pool" AS "pool",
    CASE
      WHEN "kg_takes" IS NULL
      THEN 'held'
      WHEN "kg_leaves" = (
        -1
      )
      THEN 'held'
      WHEN "kg_group" IS NULL
      THEN 'held'
      WHEN NOT "kg_is_rated"
      THEN 'held'
      ELSE 'rated'
    END AS "state",
    COALESCE(
      CASE
        WHEN "kg_takes" IS NULL
        THEN 'population.takes_part'
        WHEN "kg_leaves" = (
          -1
        )
        THEN 'population.leaves'
        WHEN "kg_group" IS NULL
        THEN 'groups'
        WHEN (
          NOT "kg_is_rated"
        ) AND (
          "kg_gap" IS NULL
        )
        THEN 'rank.by'
        ELSE CASE
          WHEN "kg_gap" = 1
          THEN 'scores.tax_per_mu'
          WHEN "kg_gap" = 2
          THEN 'scores.va_per_mu'
          WHEN "kg_gap" = 3
          THEN 'scores.va_per_energy'
          WHEN "kg_gap" = 4
          THEN 'scores.va_per_emission'
          WHEN "kg_gap" = 5
          THEN 'scores.labour'
          WHEN "kg_gap" = 6
          THEN 'scores.rd'
          ELSE CAST(NULL AS TEXT)
        END
      END,
      CASE
        WHEN "kg_is_rated"
        THEN CASE
          WHEN "kg_class_rank" IS NULL
          THEN CAST(NULL AS TEXT)
          WHEN "kg_class_placed" IS NULL
          THEN CAST(NULL AS TEXT)
          ELSE CAST(NULL AS TEXT)
        END
        ELSE CAST(NULL AS TEXT)
      END
    ) AS "reason",
    "kg_items" AS "score_items",
    "kg_adjust" AS "score_adjust",
    "kg_score" AS "score",
    "kg_place" AS "rank",
    CAST(NULL AS BIGINT) AS "rank_change",
    "kg_rated" AS "pool_size",
    "kg_base" AS "quota_base",
    CAST(NULL AS TEXT) AS "class_ranked",
    COALESCE(CAST(NULL AS TEXT), CAST(NULL AS TEXT)) AS "class",
    CAST(NULL AS TEXT) AS "treated_as",
    "kg_moved_by" AS "moved_by",
    FALSE AS "trial"
  FROM "jingde__placed"
) AS "rows"
ORDER BY
  "subject";

-- output scheme_part
SELECT
  CAST("document" AS TEXT) AS "document",
  CAST("version" AS TEXT) AS "version",
  CAST("period" AS TEXT) AS "period",
  CAST("subject" AS TEXT) AS "subject",
  CAST("group" AS TEXT) AS "group",
  CAST(CAST("value__tax_per_mu" AS DECIMAL(18, 0)) * CAST('0.01' AS DECIMAL(2, 2)) AS DECIMAL(18, 2)) AS "value__tax_per_mu",
  CAST(CAST("points__tax_per_mu" AS DECIMAL(18, 0)) * CAST('0.000001' AS DECIMAL(6, 6)) AS DECIMAL(18, 6)) AS "points__tax_per_mu",
  CAST(CAST("value__va_per_mu" AS DECIMAL(18, 0)) * CAST('0.01' AS DECIMAL(2, 2)) AS DECIMAL(18, 2)) AS "value__va_per_mu",
  CAST(CAST("points__va_per_mu" AS DECIMAL(18, 0)) * CAST('0.000001' AS DECIMAL(6, 6)) AS DECIMAL(18, 6)) AS "points__va_per_mu",
  CAST(CAST("value__va_per_energy" AS DECIMAL(18, 0)) * CAST('0.01' AS DECIMAL(2, 2)) AS DECIMAL(18, 2)) AS "value__va_per_energy",
  CAST(CAST("points__va_per_energy" AS DECIMAL(18, 0)) * CAST('0.000001' AS DECIMAL(6, 6)) AS DECIMAL(18, 6)) AS "points__va_per_energy",
  CAST(CAST("value__va_per_emission" AS DECIMAL(18, 0)) * CAST('0.01' AS DECIMAL(2, 2)) AS DECIMAL(18, 2)) AS "value__va_per_emission",
  CAST(CAST("points__va_per_emission" AS DECIMAL(18, 0)) * CAST('0.000001' AS DECIMAL(6, 6)) AS DECIMAL(18, 6)) AS "points__va_per_emission",
  CAST(CAST("value__labour" AS DECIMAL(18, 0)) * CAST('0.01' AS DECIMAL(2, 2)) AS DECIMAL(18, 2)) AS "value__labour",
  CAST(CAST("points__labour" AS DECIMAL(18, 0)) * CAST('0.000001' AS DECIMAL(6, 6)) AS DECIMAL(18, 6)) AS "points__labour",
  CAST(CAST("value__rd" AS DECIMAL(18, 0)) * CAST('0.01' AS DECIMAL(2, 2)) AS DECIMAL(18, 2)) AS "value__rd",
  CAST(CAST("points__rd" AS DECIMAL(18, 0)) * CAST('0.000001' AS DECIMAL(6, 6)) AS DECIMAL(18, 6)) AS "points__rd"
FROM (
  SELECT
    'jingde' AS "document",
    'v' AS "version",
    '2019' AS "period",
    "subject" AS "subject",
    "kg_group" AS "group",
    "x__tax_per_mu" AS "value__tax_per_mu",
    "item__tax_per_mu" AS "points__tax_per_mu",
    "x__va_per_mu" AS "value__va_per_mu",
    "item__va_per_mu" AS "points__va_per_mu",
    "x__va_per_energy" AS "value__va_per_energy",
    "item__va_per_energy" AS "points__va_per_energy",
    "x__va_per_emission" AS "value__va_per_emission",
    "item__va_per_emission" AS "points__va_per_emission",
    "x__labour" AS "value__labour",
    "item__labour" AS "points__labour",
    "x__rd" AS "value__rd",
    "item__rd" AS "points__rd"
  FROM (
    SELECT
      *,
      TRUE AS "kg_takes",
      CAST(0 AS BIGINT) AS "kg_leaves",
      'areas' AS "kg_group",
      "kg_score" AS "kg_items",
      CAST(0 AS BIGINT) AS "kg_adjust"
    FROM "jingde__listed"
  ) AS "listed"
  WHERE
    (
      (
        NOT "kg_takes" IS NULL
      ) AND (
        "kg_leaves" = 0
      )
    )
    AND (
      NOT "kg_group" IS NULL
    )
) AS "rows"
ORDER BY
  "subject";

-- output scheme_group
SELECT
  CAST("document" AS TEXT) AS "document",
  CAST("version" AS TEXT) AS "version",
  CAST("period" AS TEXT) AS "period",
  CAST("group" AS TEXT) AS "group",
  CAST("pool" AS TEXT) AS "pool",
  CAST("item" AS TEXT) AS "item",
  CAST(CAST("benchmark" AS DECIMAL(18, 0)) * CAST('0.00000001' AS DECIMAL(8, 8)) AS DECIMAL(18, 8)) AS "benchmark",
  CAST(CAST("low" AS DECIMAL(18, 0)) * CAST('0.00000001' AS DECIMAL(8, 8)) AS DECIMAL(18, 8)) AS "low",
  CAST(CAST("high" AS DECIMAL(18, 0)) * CAST('0.00000001' AS DECIMAL(8, 8)) AS DECIMAL(18, 8)) AS "high",
  CAST("count" AS INT) AS "count",
  CAST("quota" AS INT) AS "quota",
  CAST("over" AS TEXT) AS "over",
  CAST("of" AS TEXT) AS "of"
FROM (
  SELECT
    "document",
    "version",
    "period",
    "group",
    "pool",
    "item",
    "benchmark",
    "low",
    "high",
    "count",
    "quota",
    "over",
    "of"
  FROM (
    SELECT
      'jingde' AS "document",
      'v' AS "version",
      '2019' AS "period",
      'areas' AS "group",
      CAST(NULL AS TEXT) AS "pool",
      'tax_per_mu' AS "item",
      CAST(NULL AS BIGINT) AS "benchmark",
      "figures"."low__tax_per_mu" * 1000000 AS "low",
      "figures"."high__tax_per_mu" * 1000000 AS "high",
      "counted"."known" AS "count",
      CAST(NULL AS BIGINT) AS "quota",
      CAST(NULL AS TEXT) AS "over",
      CAST(NULL AS TEXT) AS "of"
    FROM (
      SELECT
        COUNT("members"."x__tax_per_mu") AS "known"
      FROM "jingde__areas__members" AS "members"
    ) AS "counted"
    CROSS JOIN "jingde__areas__figures" AS "figures"
    UNION ALL
    SELECT
      'jingde' AS "document",
      'v' AS "version",
      '2019' AS "period",
      'areas' AS "group",
      CAST(NULL AS TEXT) AS "pool",
      'va_per_mu' AS "item",
      CAST(NULL AS BIGINT) AS "benchmark",
      "figures"."low__va_per_mu" * 1000000 AS "low",
      "figures"."high__va_per_mu" * 1000000 AS "high",
      "counted"."known" AS "count",
      CAST(NULL AS BIGINT) AS "quota",
      CAST(NULL AS TEXT) AS "over",
      CAST(NULL AS TEXT) AS "of"
    FROM (
      SELECT
        COUNT("members"."x__va_per_mu") AS "known"
      FROM "jingde__areas__members" AS "members"
    ) AS "counted"
    CROSS JOIN "jingde__areas__figures" AS "figures"
    UNION ALL
    SELECT
      'jingde' AS "document",
      'v' AS "version",
      '2019' AS "period",
      'areas' AS "group",
      CAST(NULL AS TEXT) AS "pool",
      'va_per_energy' AS "item",
      CAST(NULL AS BIGINT) AS "benchmark",
      "figures"."low__va_per_energy" * 1000000 AS "low",
      "figures"."high__va_per_energy" * 1000000 AS "high",
      "counted"."known" AS "count",
      CAST(NULL AS BIGINT) AS "quota",
      CAST(NULL AS TEXT) AS "over",
      CAST(NULL AS TEXT) AS "of"
    FROM (
      SELECT
        COUNT("members"."x__va_per_energy") AS "known"
      FROM "jingde__areas__members" AS "members"
    ) AS "counted"
    CROSS JOIN "jingde__areas__figures" AS "figures"
    UNION ALL
    SELECT
      'jingde' AS "document",
      'v' AS "version",
      '2019' AS "period",
      'areas' AS "group",
      CAST(NULL AS TEXT) AS "pool",
      'va_per_emission' AS "item",
      CAST(NULL AS BIGINT) AS "benchmark",
      "figures"."low__va_per_emission" * 1000000 AS "low",
      "figures"."high__va_per_emission" * 1000000 AS "high",
      "counted"."known" AS "count",
      CAST(NULL AS BIGINT) AS "quota",
      CAST(NULL AS TEXT) AS "over",
      CAST(NULL AS TEXT) AS "of"
    FROM (
      SELECT
        COUNT("members"."x__va_per_emission") AS "known"
      FROM "jingde__areas__members" AS "members"
    ) AS "counted"
    CROSS JOIN "jingde__areas__figures" AS "figures"
    UNION ALL
    SELECT
      'jingde' AS "document",
      'v' AS "version",
      '2019' AS "period",
      'areas' AS "group",
      CAST(NULL AS TEXT) AS "pool",
      'labour' AS "item",
      CAST(NULL AS BIGINT) AS "benchmark",
      "figures"."low__labour" * 1000000 AS "low",
      "figures"."high__labour" * 1000000 AS "high",
      "counted"."known" AS "count",
      CAST(NULL AS BIGINT) AS "quota",
      CAST(NULL AS TEXT) AS "over",
      CAST(NULL AS TEXT) AS "of"
    FROM (
      SELECT
        COUNT("members"."x__labour") AS "known"
      FROM "jingde__areas__members" AS "members"
    ) AS "counted"
    CROSS JOIN "jingde__areas__figures" AS "figures"
    UNION ALL
    SELECT
      'jingde' AS "document",
      'v' AS "version",
      '2019' AS "period",
      'areas' AS "group",
      CAST(NULL AS TEXT) AS "pool",
      'rd' AS "item",
      CAST(NULL AS BIGINT) AS "benchmark",
      "figures"."low__rd" * 1000000 AS "low",
      "figures"."high__rd" * 1000000 AS "high",
      "counted"."known" AS "count",
      CAST(NULL AS BIGINT) AS "quota",
      CAST(NULL AS TEXT) AS "over",
      CAST(NULL AS TEXT) AS "of"
    FROM (
      SELECT
        COUNT("members"."x__rd") AS "known"
      FROM "jingde__areas__members" AS "members"
    ) AS "counted"
    CROSS JOIN "jingde__areas__figures" AS "figures"
  ) AS "rows"
) AS "rows"
ORDER BY
  "group",
  "pool",
  "item",
  "over",
  "of";
