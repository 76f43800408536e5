import ArgumentParser
import Settings

/// How far the drawing's tones are led: shading, skin, hair and light.
struct ToneArguments: ParsableArguments {
    @Option(help: "How far soft shading becomes few tones with clean borders, 0 to 1. (default: the style's)")
    var toneSteps: Double?

    @Option(help: "How far skin is brought back to the photograph's own, 0 to 1.")
    var skin: Double = StyleOptions().skinConstancy

    @Option(help: "How far hair is held to the photograph's hue and chroma, 0 to 1.")
    var hair: Double = StyleOptions().hairLimit

    @Option(help: "How far the light is evened out before drawing, 0 to 1.")
    var lighting: Double = StyleOptions().lighting

    @Option(help: "How much of the light that was evened out comes back after drawing, 0 to 1.")
    var lightingReturn: Double = StyleOptions().lightingReturn

    func apply(to options: inout StyleOptions) {
        options.toneSteps = toneSteps
        options.skinConstancy = skin
        options.hairLimit = hair
        options.lighting = lighting
        options.lightingReturn = lightingReturn
    }
}
