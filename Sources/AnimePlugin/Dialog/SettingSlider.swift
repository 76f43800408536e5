/// A setting that is a number, as the windows show it.
struct SettingSlider {
    let label: String
    let argument: NumberArgument
    let path: WritableKeyPath<Settings, Double>
    let tip: String

    /// How the drawing looks.
    static var drawing: [SettingSlider] {
        [
            SettingSlider(label: tr("S_trength (%):"), argument: Procedure.strength, path: \.strength,
                          tip: tr("0 leaves the photograph, 100 is the whole drawing")),
            SettingSlider(label: tr("_Lines (%):"), argument: Procedure.lineStrength, path: \.lineStrength,
                          tip: tr("0 draws no lines, 100 draws them as the style does, 200 twice as heavy")),
            SettingSlider(label: tr("_Keep colors (%):"), argument: Procedure.keepColors, path: \.keepColors,
                          tip: tr("How much of the photograph's own colors is kept")),
        ]
    }

    /// What is led back to the photograph.
    static var tone: [SettingSlider] {
        [
            SettingSlider(label: tr("Even l_ight (%):"), argument: Procedure.lighting, path: \.lighting,
                          tip: tr("How far light and shadow are evened out before drawing")),
            SettingSlider(label: tr("Ski_n (%):"), argument: Procedure.skinConstancy, path: \.skinConstancy,
                          tip: tr("How far skin keeps the photograph's own skin color")),
            SettingSlider(label: tr("H_air (%):"), argument: Procedure.hairLimit, path: \.hairLimit,
                          tip: tr("How far hair keeps the photograph's own hair color")),
        ]
    }
}
