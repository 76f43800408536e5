"""What users read about each style, by language."""
from __future__ import annotations

LANGUAGES = ("en", "de", "es", "fr", "ja", "ko", "zh_CN", "zh_TW")

TITLES = {
    "cel": {
        "en": "Cel", "de": "Cel", "es": "Cel", "fr": "Cellulo",
        "ja": "セル画", "ko": "셀화", "zh_CN": "赛璐璐", "zh_TW": "賽璐珞",
    },
    "soft": {
        "en": "Soft", "de": "Sanft", "es": "Suave", "fr": "Doux",
        "ja": "やわらか", "ko": "부드러운", "zh_CN": "柔和", "zh_TW": "柔和",
    },
    "luminous": {
        "en": "Luminous", "de": "Leuchtend", "es": "Luminoso", "fr": "Lumineux",
        "ja": "きらめき", "ko": "찬란한", "zh_CN": "光影", "zh_TW": "光影",
    },
}

DESCRIPTIONS = {
    "cel": {
        "en": "Clean cel shading with flat colors and clear dark lines.",
        "de": "Klare Cel-Schattierung mit flächigen Farben und deutlichen dunklen Linien.",
        "es": "Sombreado cel limpio, con colores planos y líneas oscuras bien definidas.",
        "fr": "Ombrage celluloïd net, aplats de couleur et traits sombres bien marqués.",
        "ja": "平らな塗りとはっきりした線の、すっきりしたセル画調。",
        "ko": "평평한 색과 또렷한 선으로 그린 깔끔한 셀 음영.",
        "zh_CN": "干净的赛璐璐上色：色块平整，线条清晰。",
        "zh_TW": "乾淨的賽璐珞上色：色塊平整，線條清晰。",
    },
    "soft": {
        "en": "Soft and hand-painted, with calm greens and warm light.",
        "de": "Weich wie von Hand gemalt, mit ruhigen Grüntönen und warmem Licht.",
        "es": "Suave, como pintado a mano, con verdes serenos y luz cálida.",
        "fr": "Douceur du peint à la main, verts paisibles et lumière chaude.",
        "ja": "穏やかな緑と暖かい光の、やわらかな手描き調。",
        "ko": "차분한 초록과 따뜻한 빛의 부드러운 손그림 느낌.",
        "zh_CN": "柔和的手绘质感，宁静的绿色与温暖的光线。",
        "zh_TW": "柔和的手繪質感，寧靜的綠色與溫暖的光線。",
    },
    "luminous": {
        "en": "Vivid skies and strong light in clear, rich colors.",
        "de": "Leuchtende Himmel und kräftiges Licht in klaren, satten Farben.",
        "es": "Cielos vivos y luz intensa, con colores nítidos y ricos.",
        "fr": "Ciels éclatants et lumière franche, couleurs limpides et riches.",
        "ja": "鮮やかな空と強い光、澄んだ豊かな色彩。",
        "ko": "선명한 하늘과 강한 빛, 맑고 풍부한 색채.",
        "zh_CN": "绚丽的天空与强烈的光线，色彩明净饱满。",
        "zh_TW": "絢麗的天空與強烈的光線，色彩明淨飽滿。",
    },
}
