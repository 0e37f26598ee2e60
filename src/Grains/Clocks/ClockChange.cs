namespace BoxOffice.Grains.Clocks;

/// <summary>The effect of a reading.</summary>
public enum ClockChange
{
    /// <summary>Nothing to report.</summary>
    None,

    /// <summary>The source stepped: it is not believed for now.</summary>
    StepBegan,

    /// <summary>The source has kept its new time for so long that this clock moves there, slowly.</summary>
    StepBelieved,

    /// <summary>The source and this clock agree again.</summary>
    StepOver,

    /// <summary>This process was behind most of the others, and adopted their time.</summary>
    CaughtUp,
}
